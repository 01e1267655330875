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
        .coder("writes-ignored", [.write("lib/ops.txt", "kept\n"), .finish()]),
        // Each part of the story rests on what the model was told before it.
        .coder(
            "knows-what-is-missing", seeing: "# What is missing in this copy of the repository",
            [
                .write("vendor/lib/new.py", "lost\n"), .quoting("submodule", .write("large.dat", "lost\n")),
                .quoting("LFS", .write("app.txt", "new\n")), .finish(),
            ]),
        .coder("sanitizes", [.shell(sanitize), .quoting("sanitizers work", .write("app.txt", "new\n")), .finish()]),
    ]

    /// A program with a mistake, built to find it.
    private static let sanitize = """
        printf 'int main(int c, char **v) { char *p = __builtin_malloc(8); p[c + 7] = 1; return 0; }' > /tmp/a.c
        gcc -fsanitize=address -o /tmp/a /tmp/a.c && (/tmp/a 2>&1 || true) | grep -o heap-buffer-overflow | head -1 &&
        gcc -fsanitize=thread -o /tmp/t /tmp/a.c && /tmp/t && echo sanitizers work
        """

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

    @Test func `a file that .gitignore covers is kept where a file tool wrote it`() async throws {
        let (task, remote) = try await run(
            "writes-ignored", [".gitignore": "lib/\n", "check.sh": "grep -q kept lib/ops.txt\n"])
        #expect(task.result.status == .completed)
        #expect(try await changed(task, remote) == ["lib/ops.txt"])
    }

    @Test func `what lives elsewhere is named, and what is written there is refused in words`() async throws {
        let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"
        let remote = try await GitRemote(
            files: Sample.files.merging(
                [
                    ".gitattributes": "*.dat filter=lfs diff=lfs merge=lfs -text\n", "large.dat": pointer,
                    ".gitmodules": "[submodule \"lib\"]\n\tpath = vendor/lib\n\turl = ../lib\n",
                ]) { $1 })
        try await remote.git(
            ["fast-import", "--quiet"],
            input: """
                commit refs/heads/main
                committer Ada <ada@example.com> 1750000000 +0000
                data 10
                Submodule.
                from refs/heads/main^0
                M 160000 0123456789012345678901234567890123456789 vendor/lib

                """)
        var draft = TaskDraft("knows-what-is-missing", remote: remote)
        draft.validation = ["commands": Sample.commands]
        let task = try await Platform.shared().run(draft)
        #expect(task.result.status == .completed, "\(task.result.errorMessage ?? "")")
        #expect(task.details(.implementationStep).map { $0["ok"] } == [false, false, true, true])
        #expect(try await changed(task, remote) == ["app.txt"])
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/gcc"), "needs gcc"))
    func `programs with sanitizers run`() async throws {
        let (task, _) = try await run("sanitizes", [:])
        #expect(task.result.status == .completed, "\(task.result.errorMessage ?? "")")
    }

    @Test func `a file with CRLF keeps its line ends`() async throws {
        let check = "printf 'new\\r\\nsecond\\r\\n' | cmp - app.txt\n"
        let (task, remote) = try await run("edits-windows", ["app.txt": "old\r\nsecond\r\n", "check.sh": check])
        #expect(task.result.status == .completed)
        #expect(try await changed(task, remote) == ["app.txt"])
    }
}
