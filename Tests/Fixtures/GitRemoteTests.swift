import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct GitRemoteTests {
    @Test func `a remote starts with one commit that is always the same`() async throws {
        let files = ["README.md": "hello\n", "src/a b.txt": "no newline", "run.sh": "#!/bin/sh\n"]
        let remote = try await GitRemote(files: files)
        let twin = try await GitRemote(files: files)
        #expect(try await remote.branches() == ["main"])
        #expect(try await remote.log("main") == ["First commit"])
        #expect(try await remote.files(at: "main") == ["README.md", "run.sh", "src/a b.txt"])
        #expect(try await remote.contents(of: "src/a b.txt", at: "main") == "no newline")
        #expect(try await remote.commitID("main") == twin.commitID("main"))
    }

    @Test func `others can commit, and pushes are noted or refused`() async throws {
        let remote = try await GitRemote()
        let base = try await remote.commitID("main")
        let next = try await remote.commit(
            ["new.txt": "1\n", "README.md": nil], message: "Second\n\nTrailer: x", on: "feat/x")
        #expect(try await remote.branches() == ["feat/x", "main"])
        #expect(try await remote.log("main..feat/x") == ["Second"])
        #expect(try await remote.message(of: next) == "Second\n\nTrailer: x")
        #expect(try await remote.changedFiles(from: base, to: next) == ["README.md", "new.txt"])
        #expect(try await remote.diff(from: base, to: next).contains("+1"))

        try remote.notePushes()
        try await remote.git(["push", "--quiet", remote.url, "feat/x:refs/heads/copy"])
        #expect(remote.pushes() == ["\(String(repeating: "0", count: 40)) \(next) refs/heads/copy"])
        try remote.refusePushes("protected")
        let error = await #expect(throws: Program.Failed.self) {
            try await remote.git(["push", "--quiet", remote.url, "feat/x:refs/heads/other"])
        }
        #expect(error?.errorOutput.contains("protected") == true)
    }

    @Test func `an empty remote has no branch`() async throws {
        let remote = try await GitRemote(files: [:])
        #expect(try await remote.branches() == [])
    }
}
