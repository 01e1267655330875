import Foundation
import Foundations
import TestSupport
import Testing

@testable import Git

/// What a command does to modes, seen by a service that is not root. As root these tests use an account that is not.
@Suite(.timeLimit(.minutes(2)))
struct `A work tree that keeps its owner out`: WorkTreeSuite {
    let fixture: WorkTreeFixture

    init() async throws {
        fixture = try await WorkTreeFixture([
            "README.md": "hello\n", "docs/a.md": "a\n", "docs/deep/b.md": "b\n", ".gitignore": "*.log\n",
        ])
        try write(["noise.log": "x"], in: tree.directory)
        try await OrdinaryAccount.give(host.folder.path)
    }

    @Test(arguments: ["", "docs", "docs/deep", "docs/a.md", ".gitignore"], [0, 0o200, 0o111, 0o444] as [mode_t])
    func `is no reason to delete anything`(path: String, mode: mode_t) async throws {
        chmod("\(tree.directory)/\(path)", mode)
        let found = try await ordinarySnapshot()
        #expect(found.skipped.isEmpty)
        let paths = try await mirror.paths(at: found.commit ?? base)
        #expect(paths == (try await mirror.paths(at: base)))
    }

    @Test func `keeps what was changed behind closed doors`() async throws {
        try write(["docs/a.md": "new\n", "docs/deep/c.md": "c\n"], in: tree.directory)
        try await OrdinaryAccount.give(tree.directory)
        for path in ["docs/a.md", "docs/deep/c.md", "docs/deep", "docs"] { chmod("\(tree.directory)/\(path)", 0) }
        let commit = try #require(try await ordinarySnapshot().commit)
        #expect(try await mirror.file(at: commit, path: "docs/a.md", maxBytes: 99) == Data("new\n".utf8))
        #expect(try await mirror.paths(at: commit).contains("docs/deep/c.md"))
    }

    @Test(.enabled(if: geteuid() == 0, "only root may give files away"), arguments: ["docs", "docs/a.md"])
    func `for good cannot be kept, and says where`(path: String) async throws {
        _ = try await Program.run(["chown", "0:0", "\(tree.directory)/\(path)"])
        chmod("\(tree.directory)/\(path)", 0o700)
        let error = await #expect(throws: GitError.self) { try await ordinarySnapshot() }
        #expect(error?.message.contains(path) == true)
    }

    @Test func `goes away all the same`() async throws {
        chmod("\(tree.directory)/docs/deep", 0o555)
        chmod("\(tree.directory)/docs", 0)
        chmod(tree.directory, 0o555)
        try await OrdinaryAccount.run { [host] in
            let parent = open(host.folder.path("work"), O_RDONLY | O_DIRECTORY)
            defer { close(parent) }
            try FolderRemoval.remove("task", in: parent)
        }
        #expect(!FileManager.default.fileExists(atPath: tree.directory))
    }

    @Test func `by its depth keeps what was committed there, as deep as a repository may be`() async throws {
        let deep = String(repeating: "d/", count: RepositoryLimits().maxDepth - 1)
        let head = try #require(ObjectID(try await remote.commit([deep + "file": "x", "z": "1"], message: "deep")))
        let url = try RemoteURL(remote.url, allowLocal: true)
        _ = try await mirror.fetch(remote: url, branch: RefName(remote.branch))
        let deepTree = try await WorkTree.checkout(mirror: mirror, commit: head, at: host.workPath("deep"))
        #expect(try await deepTree.changes().isEmpty)
        try write(["z": "2"], in: deepTree.directory)
        let found = try await deepTree.snapshot(parent: head, message: "x", date: someDate)
        #expect(found.skipped.map(\.reason) == [.tooDeep])
        #expect(try await mirror.paths(at: try #require(found.commit)) == (try await mirror.paths(at: head)))
    }
}
