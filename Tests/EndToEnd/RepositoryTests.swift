import Contracts
import Foundation
import Foundations
import PlatformSupport
import ScriptedModelServer
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(3))) struct RepositoryTests {
    static let roles: [Role] = [
        .coder("fetches", Sample.repair), .coder("writes-python", [.write("app.py", "print('new')\n"), .finish()]),
        .coder("writes-nonsense", [.write("app.py", "print('new'\n"), .finish()]),
    ]

    private func end(of draft: TaskDraft) async throws -> (task: EndedTask, message: String) {
        let task = try await Platform.shared().run(draft)
        return (task, task.result.errorMessage ?? "")
    }

    @Test func `a remote that nobody serves ends as unavailable and names it`() async throws {
        let (task, message) = try await end(
            of: TaskDraft("fetches", remote: "http://127.0.0.1:\(try FreePort.next())/x.git"))
        #expect(task.result.status == .repositoryUnavailable)
        #expect(message.contains("127.0.0.1"))
    }

    @Test func `a path without a repository ends as unavailable`() async throws {
        let (task, message) = try await end(of: TaskDraft("fetches", remote: "/nowhere/remote.git"))
        #expect(task.result.status == .repositoryUnavailable)
        #expect(!message.isEmpty)
    }

    @Test func `a wrong password ends as unavailable, says so, and is not told`() async throws {
        let remote = try await AuthenticatedRemote(GitRemote(files: Sample.files), password: "right")
        var draft = TaskDraft("fetches", remote: remote.url)
        draft.repository["credentials"] = [
            "credential_type": "username_password", "username": "ada", "password": "wrong-marker-password",
        ]
        let (task, message) = try await end(of: draft)
        #expect(task.result.status == .repositoryUnavailable)
        #expect(message.contains(#/credential|password|authori[sz]|authenticat/#.ignoresCase()), "\(message)")
        #expect(!message.contains("wrong-marker-password"))
    }

    @Test func `no credentials where some are needed ends as unavailable and asks for them`() async throws {
        let remote = try await AuthenticatedRemote(GitRemote(files: Sample.files), password: "right")
        let (task, message) = try await end(of: TaskDraft("fetches", remote: remote.url))
        #expect(task.result.status == .repositoryUnavailable)
        #expect(message.contains("credentials"), "\(message)")
    }

    @Test func `a missing base branch ends as unavailable and names the branch`() async throws {
        let remote = try await GitRemote(files: Sample.files)
        var draft = TaskDraft("fetches", remote: remote)
        draft.repository["branch"] = "develop"
        let (task, message) = try await end(of: draft)
        #expect(task.result.status == .repositoryUnavailable)
        #expect(message.contains("develop"), "\(message)")
    }

    @Test func `an empty repository ends as unavailable and says what to do`() async throws {
        let remote = try await GitRemote(files: [:])
        let (task, message) = try await end(of: TaskDraft("fetches", remote: remote))
        #expect(task.result.status == .repositoryUnavailable)
        #expect(message.contains(#/empty|no commits/#), "\(message)")
    }

    @Test func `a repository without tests completes with a suggestion`() async throws {
        let remote = try await GitRemote(files: ["README.md": "hello\n"])
        let (task, _) = try await end(of: TaskDraft("writes-python", remote: remote))
        #expect(task.result.status == .completed)
        #expect(task.result.validationResult?.suggestions.contains { $0.contains("no tests") } == true)
        #expect(task.result.validationResult?.checks?.map(\.command) == ["syntax (python3): app.py"])
        #expect(try await remote.changedFiles(from: "main", to: try #require(task.result.branchName)) == ["app.py"])
    }

    @Test func `a syntax error is found in a repository without tests`() async throws {
        let remote = try await GitRemote(files: ["README.md": "hello\n"])
        var draft = TaskDraft("writes-nonsense", remote: remote)
        draft.validation["max_repair_rounds"] = 0
        let (task, message) = try await end(of: draft)
        #expect(task.result.status == .validationFailed)
        #expect(message.contains("SyntaxError"), "\(message)")
    }

    @Test func `a base that moved on meanwhile does not matter`() async throws {
        let platform = try await Platform.shared()
        let remote = try await GitRemote(files: Sample.files)
        var draft = TaskDraft("fetches", remote: remote)
        draft.validation = ["commands": Sample.commands]
        draft.delivery["approval"] = "push"
        try await platform.submit(draft)
        try await platform.event(.approvalRequested, of: draft)
        try await remote.commit(["other.txt": "theirs\n"], message: "Theirs")
        try await platform.control(draft, .approve)
        let task = try await platform.end(of: draft)
        #expect(task.result.status == .completed)
        let base = try #require(task.result.baseCommit)
        #expect(try await remote.changedFiles(from: base, to: try #require(task.result.branchName)) == ["app.txt"])
    }
}
