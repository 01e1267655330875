import Foundation
import Foundations
import TestSupport
import Testing

@testable import Git

/// A pack of a few kilobytes can stand for more than any disk holds.
@Suite(.timeLimit(.minutes(1)))
struct `A repository that unrolls to too much` {
    private let hosts = Hosts()

    private func tree(_ lines: String, in remote: GitRemote) async throws -> String {
        try await remote.git(["mktree", "--missing"], input: lines).trimmingCharacters(in: .newlines)
    }

    private func blob(_ text: String, in remote: GitRemote) async throws -> String {
        try await remote.git(["hash-object", "-w", "--stdin"], input: text).trimmingCharacters(in: .newlines)
    }

    /// A remote of so many folders within each other, each of `width` names that stand for one folder.
    private func nested(levels: Int, width: Int) async throws -> GitRemote {
        let remote = try await GitRemote(files: [:])
        var entry = "100644 blob \(try await blob("x", in: remote))"
        for _ in 0..<levels {
            let lines = (0..<width).map { "\(entry)\tn\($0)\n" }.joined()
            entry = "040000 tree \(try await tree(lines, in: remote))"
        }
        let root = String(entry.dropFirst("040000 tree ".count))
        let commit = "tree \(root)\nauthor A <a@b> 1750000000 +0000\ncommitter A <a@b> 1750000000 +0000\n\nBomb\n"
        let name = try await remote.git(["hash-object", "-t", "commit", "-w", "--stdin"], input: commit)
        try await remote.git(["update-ref", "refs/heads/main", name.trimmingCharacters(in: .newlines)])
        return remote
    }

    private func refusal(_ remote: GitRemote, _ limits: RepositoryLimits = RepositoryLimits()) async throws -> GitError?
    {
        let folder = try TemporaryFolder()
        let url = try RemoteURL(remote.url, allowLocal: true)
        let mirror = try await MirrorStore(home: folder.path("home"), limits: limits)
            .mirror(company: try #require(CompanyID("acme")), remote: url)
        return await #expect(throws: GitError.self) { try await mirror.fetch(remote: url, branch: RefName("main")) }
    }

    @Test func `by shared folders is refused at once, and names the limit`() async throws {
        let error = try await refusal(nested(levels: 14, width: 16))
        #expect(error?.code == .tooLarge && error?.isRetriable == false)
        #expect(error?.message.contains("more than 250000 files and folders") == true, "\(error?.message ?? "")")
    }

    @Test func `by depth is refused before any stack is too small for it`() async throws {
        func remote(_ folders: Int) async throws -> GitRemote {
            try await GitRemote(files: [String(repeating: "d/", count: folders) + "f": "x"])
        }
        for folders in [251, 1900] {
            let error = try await refusal(remote(folders))
            #expect(error?.message.contains("250 deep") == true, "\(folders): \(error?.message ?? "")")
        }
        let (mirror, base, _) = try await hosts.new().fetched(remote(250))
        #expect(try await mirror.paths(at: base).count == 1)
    }

    @Test func `by one file is refused by its size, which is known without reading it`() async throws {
        let remote = try await GitRemote(files: ["a": "1", "zeros.bin": String(repeating: "\0", count: 2_000_000)])
        let error = try await refusal(remote, RepositoryLimits(maxFileBytes: 1_000_000))
        #expect(error?.code == .tooLarge)
        #expect(error?.message.contains("zeros.bin has 2000000 bytes, more than 1000000") == true)
    }

    @Test func `by many names of one file is refused by the sum`() async throws {
        let files = Dictionary(uniqueKeysWithValues: (0..<50).map { ("f\($0)", String(repeating: "a", count: 1000)) })
        let remote = try await GitRemote(files: files)
        let error = try await refusal(remote, RepositoryLimits(maxBytes: 49_999))
        #expect(error?.message.contains("more than 49999 bytes of files") == true, "\(error?.message ?? "")")
        let folder = try await hosts.new().fetched(remote)
        #expect(try await folder.mirror.paths(at: folder.base).count == 50)
    }

    @Test func `is one only past the limit: shared folders as such are served`() async throws {
        let remote = try await nested(levels: 4, width: 4)
        let host = try hosts.new()
        let (mirror, base, _) = try await host.fetched(remote)
        #expect(try await mirror.paths(at: base).count == 256)
        let tree = try await WorkTree.checkout(mirror: mirror, commit: base, at: host.workPath())
        #expect(try listing(tree.directory).count == 256)
        // 256 files in 84 folders.
        let error = try await refusal(remote, RepositoryLimits(maxEntries: 339))
        #expect(error?.code == .tooLarge)
        let folder = try TemporaryFolder()
        let url = try RemoteURL(remote.url, allowLocal: true)
        let store = MirrorStore(home: folder.path("home"), limits: RepositoryLimits(maxEntries: 340))
        let exact = try await store.mirror(company: try #require(CompanyID("acme")), remote: url)
        #expect(try await exact.fetch(remote: url, branch: RefName("main")) == base)
    }

    @Test func `with a part that is missing is incomplete, whatever its size`() async throws {
        let remote = try await GitRemote()
        let (mirror, base, _) = try await hosts.new().fetched(remote)
        let nobodyHas = String(repeating: "ab", count: 20)
        let objects = mirror.directory
        func git(_ arguments: [String], input: String) async throws -> String {
            try await Program.run(["git", "--git-dir", objects] + arguments, input: input)
                .trimmingCharacters(in: .newlines)
        }
        let tree = try await git(["mktree", "--missing"], input: "100644 blob \(nobodyHas)\tgone\n")
        let text = "tree \(tree)\nauthor A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\n\nm\n"
        let commit = try await git(["hash-object", "-t", "commit", "-w", "--stdin"], input: text)
        #expect(try await mirror.contains(try #require(ObjectID(commit))) == false)
        #expect(try await mirror.contains(base))
    }

    @Test func `is not looked at any longer than somebody waits for it`() async throws {
        let (mirror, base, _) = try await hosts.new().fetched(GitRemote())
        let interruption = Interruption()
        interruption.raise()
        #expect(throws: CancellationError.self) {
            try mirror.objects.withRepository { repository in
                var survey = TreeSurvey(
                    repository, mirror.objects, limits: RepositoryLimits(), known: [:], interruption)
                try survey.measure(base)
            }
        }
    }

    @Test func `tells its task's cancellation to the work on its thread`() async throws {
        let began = Gate()
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await #expect(throws: CancellationError.self) {
                    try await Library.run { interruption in
                        began.open()
                        while true { try interruption.check() }
                    }
                }
            }
            try? await began.wait()
            group.cancelAll()
        }
    }
}
