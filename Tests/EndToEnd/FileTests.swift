import Contracts
import Foundation
import Foundations
import PlatformSupport
import ScriptedModelServer
import TestSupport
import Testing

/// Repositories as people have them, through the whole platform.
@Suite(.timeLimit(.minutes(3))) struct FileTests {
    private static let leave =
        "mkdir -p htmlcov target && touch .coverage htmlcov/index.html core.123 nohup.out && echo m > target/meant"

    static let roles: [Role] = [
        .coder("leaves-leftovers", [.shell(leave)] + Sample.repair + [.finish("Again.")]),
        .coder(
            "means-leftovers",
            [
                .shell(leave), .write("app.txt", "new\n"), .finish(),
                .call("finish", ["summary": "Meant.", "include": ["target"]]),
            ]),
        .coder("writes-large", [.shell("echo raw > a.dat")] + Sample.repair + [.finish("Again.")]),
        .coder(
            "edits-windows",
            [
                .call("read_file", ["file_path": "app.txt", "start_line": 1, "end_line": 1]),
                .call("search_files", ["pattern": #"(?i)OLD(?=\s*$)"#]),
                .call("edit_file", ["file_path": "app.txt", "old_text": "old\n", "new_text": "new\n"]), .finish(),
            ]),
    ]

    private func run(_ model: String, _ files: [String: String], branch: String = "main") async throws -> (
        EndedTask, GitRemote
    ) {
        let remote = try await GitRemote(files: Sample.files.merging(files) { $1 }, branch: branch)
        var draft = TaskDraft(model, remote: remote)
        draft.validation = ["commands": Sample.commands]
        return (try await Platform.shared().run(draft), remote)
    }

    private func changed(_ task: EndedTask, _ remote: GitRemote, from base: String = "main") async throws -> [String] {
        try await remote.changedFiles(from: base, to: try #require(task.result.branchName))
    }

    @Test(arguments: ["master", "trunk"])
    func `a request without a branch starts from the remote's own`(branch: String) async throws {
        let (task, remote) = try await run("fetches", [:], branch: branch)
        #expect(task.result.status == .completed)
        #expect(try await changed(task, remote, from: branch) == ["app.txt"])
        let cloned = try #require(task.events.first { $0.type == .repoCloned })
        #expect(cloned.event.message.contains("Fetched \(branch) "))
    }

    @Test func `leftovers of tools are not pushed`() async throws {
        let (task, remote) = try await run("leaves-leftovers", [:])
        #expect(task.result.status == .completed)
        #expect(try await changed(task, remote) == ["app.txt"])
    }

    @Test func `leftovers that the model means are pushed`() async throws {
        let (task, remote) = try await run("means-leftovers", [:])
        #expect(task.result.status == .completed)
        #expect(try await changed(task, remote) == ["app.txt", "target/meant"])
    }

    @Test func `content for Git LFS is not pushed as a file`() async throws {
        let (task, remote) = try await run("writes-large", [".gitattributes": "*.dat filter=lfs\n"])
        #expect(task.result.status == .completed)
        #expect(try await changed(task, remote) == ["app.txt"])
    }

    @Test func `a file with CRLF keeps its line ends`() async throws {
        let check = "printf 'new\\r\\nsecond\\r\\n' | cmp - app.txt\n"
        let (task, remote) = try await run("edits-windows", ["app.txt": "old\r\nsecond\r\n", "check.sh": check])
        #expect(task.result.status == .completed)
        #expect(try await changed(task, remote) == ["app.txt"])
    }
}
