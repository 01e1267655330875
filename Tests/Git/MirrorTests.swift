import Foundation
import Foundations
import Git
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(2)))
struct `A mirror` {
    private let hosts = Hosts()
    @Test func `brings a branch here and serves its files`() async throws {
        let remote = try await GitRemote(files: ["a.txt": "one\n", "dir/run.sh": "#!/bin/sh\n", "dir/ü ✓.txt": "x"])
        let (mirror, base, _) = try await hosts.new().fetched(remote)
        #expect(base.text == (try await remote.commitID("main")))
        #expect(try await mirror.contains(base))
        #expect(try await mirror.paths(at: base) == ["a.txt", "dir/run.sh", "dir/ü ✓.txt"])
        #expect(try await mirror.file(at: base, path: "a.txt", maxBytes: 100) == Data("one\n".utf8))
        #expect(try await mirror.file(at: base, path: "none", maxBytes: 100) == nil)
        #expect(try await mirror.file(at: base, path: "dir", maxBytes: 100) == nil)
        #expect(try await mirror.file(at: base, path: "../a.txt", maxBytes: 100) == nil)
        await #expect(throws: GitError.self) { try await mirror.file(at: base, path: "a.txt", maxBytes: 1) }
        #expect(try await mirror.list(at: base)?.map(\.path) == ["a.txt", "dir"])
        #expect(try await mirror.list(at: base, path: "/dir/")?.map(\.kind) == [.executable, .file])
        #expect(try await mirror.list(at: base, path: "a.txt") == nil)
    }

    @Test func `makes a commit of the files of one with some of another`() async throws {
        let remote = try await GitRemote(files: ["a.py": "old", "tests/a.py": "1"])
        let (mirror, base, url) = try await hosts.new().fetched(remote)
        try await remote.commit(["a.py": "new", "tests/a.py": "2", "tests/deep/b.py": "3"], message: "more")
        let head = try await mirror.fetch(remote: url, branch: RefName("main"))
        let paths: Set = ["tests/a.py", "tests/deep/b.py", "none"]
        let made = try await mirror.commit(of: base, taking: paths, from: head)
        #expect(try await mirror.paths(at: made) == ["a.py", "tests/a.py", "tests/deep/b.py"])
        #expect(try await mirror.file(at: made, path: "a.py", maxBytes: 100) == Data("old".utf8))
        #expect(try await mirror.file(at: made, path: "tests/a.py", maxBytes: 100) == Data("2".utf8))
        #expect(try await mirror.commit(of: base, taking: paths, from: head) == made)
        #expect(try await mirror.commit(of: base, taking: ["none"], from: head) == base)
    }

    @Test func `lies where no other account can look`() async throws {
        let host = try hosts.new()
        _ = try await host.fetched(GitRemote(files: ["a.txt": "one"]))
        let folder = host.folder.path("home/mirrors")
        let mode = try FileManager.default.attributesOfItem(atPath: folder)[.posixPermissions]
        #expect(mode as? Int == 0o700)
    }

    /// libgit2 reads objects through the cache of the repository around them, which must not be another thread's.
    @Test func `serves many threads at once`() async throws {
        let files = Dictionary(uniqueKeysWithValues: (0..<200).map { ("file\($0)", "file\($0)") })
        let (mirror, base, _) = try await hosts.new().fetched(GitRemote(files: files))
        let tree = try await mirror.tree(of: base)
        try await withThrowingTaskGroup { group in
            for _ in 0..<4 {
                group.addTask {
                    for number in 0..<5_000 {
                        let path = "file\(number % 200)"
                        let seen = try await mirror.file(at: base, path: path, maxBytes: 10)
                        #expect(seen == Data(path.utf8))
                    }
                }
                group.addTask {
                    for _ in 0..<5_000 {
                        let seen = try await mirror.tree(of: base)
                        #expect(seen == tree)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func `follows a branch that moves and one that is rewritten`() async throws {
        let remote = try await GitRemote()
        let (mirror, first, url) = try await hosts.new().fetched(remote)
        let second = try await remote.commit(["b": "2"], message: "more")
        #expect(try await mirror.fetch(remote: url, branch: RefName("main")).text == second)
        try await remote.git(["update-ref", "refs/heads/main", first.text])
        let third = try await remote.commit(["c": "3"], message: "rewritten")
        let tip = try await mirror.fetch(remote: url, branch: RefName("main"))
        #expect(tip.text == third)
        #expect(try await mirror.paths(at: tip) == ["README.md", "c"])
        // A branch whose name was a folder of another one.
        try await remote.commit(["d": "4"], message: "x", on: "topic")
        _ = try await mirror.fetch(remote: url, branch: RefName("topic"))
        try await remote.git(["update-ref", "-d", "refs/heads/topic"])
        try await remote.commit(["e": "5"], message: "x", on: "topic/deep")
        _ = try await mirror.fetch(remote: url, branch: RefName("topic/deep"))
    }

    @Test func `says what is wrong with a remote`() async throws {
        let host = try hosts.new()
        func code(_ path: String, _ branch: String = "main") async throws -> GitError.Code? {
            let url = try RemoteURL(path, allowLocal: true)
            let mirror = try await host.mirror(url)
            let error = await #expect(throws: GitError.self) {
                try await mirror.fetch(remote: url, branch: RefName(branch))
            }
            return error?.code
        }
        let remote = try await GitRemote()
        #expect(try await code(remote.url, "nope") == .branchNotFound)
        let empty = try await GitRemote(files: [:])
        #expect(try await code(empty.url) == .emptyRepository)
        #expect(try await code("/nowhere/at/all") == .repositoryNotFound)
        #expect(try await code(host.folder.path) == .repositoryNotFound)
    }

    @Test func `blames the remote for a failure in words it does not know`() async throws {
        let remote = try await GitRemote()
        let (mirror, _, url) = try await hosts.new().fetched(remote)
        let nobodyHas = try #require(ObjectID(String(repeating: "ab", count: 20)))
        let error = await #expect(throws: GitError.self) { try await mirror.fetch(nobodyHas, remote: url) }
        withExtendedLifetime(remote) {}
        #expect(error?.code == .remoteFailed, "\(error?.description ?? "")")
    }

    @Test func `reports an unreachable host as worth another try`() async throws {
        let port = try FreePort.next()
        for text in ["http://127.0.0.1:\(port)/x.git", "ssh://git@127.0.0.1:\(port)/x.git", "https://no.invalid/x"] {
            let url = try RemoteURL(text)
            let mirror = try await hosts.new().mirror(url)
            let error = await #expect(throws: GitError.self) {
                try await mirror.fetch(remote: url, branch: RefName("main"))
            }
            #expect(error?.code == .unreachable, "\(text): \(error?.message ?? "")")
            #expect(error?.isRetriable == true)
        }
    }

    @Test func `of one company is not that of another`() async throws {
        let host = try hosts.new()
        let remote = try await GitRemote()
        let (mirror, base, url) = try await host.fetched(remote)
        let other = try await host.mirror(url, company: "other")
        #expect(try await other.contains(base) == false)
        #expect(try await host.mirror(url) === mirror)
    }

    @Test func `is made once however many ask at the same time, also over several stores`() async throws {
        let remote = try await GitRemote()
        let folder = try TemporaryFolder()
        let url = try RemoteURL(remote.url, allowLocal: true)
        let company = try #require(CompanyID("acme"))
        try await withThrowingTaskGroup(of: ObjectID.self) { group in
            for _ in 0..<12 {
                group.addTask {
                    // A store of its own shares nothing in memory, as another process would not.
                    let mirror = try await MirrorStore(home: folder.path("home")).mirror(company: company, remote: url)
                    return try await mirror.fetch(remote: url, branch: RefName("main"))
                }
            }
            let tips = try await group.reduce(into: Set<ObjectID>()) { $0.insert($1) }
            #expect(tips.count == 1)
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path("home/mirrors"))
        #expect(names.filter { $0.hasSuffix(".git") }.count == 1)
        #expect(names.count == 2, "\(names)")
    }

    @Test func `is swept only when nobody uses it`() async throws {
        let host = try hosts.new()
        let remote = try await GitRemote()
        try await sweepInUse(host, remote)
        #expect(try await host.store.sweep(maxBytes: 1 << 40, maxAge: .seconds(3600)) == 0)
        #expect(try await host.store.sweep(maxBytes: 0, maxAge: .seconds(3600)) == 1)
        let again = try await host.fetched(remote)
        #expect(try await again.mirror.contains(again.base))
    }

    /// As a full disk may leave it.
    @Test func `that lost an object fails in a way that may pass`() async throws {
        let host = try hosts.new()
        let remote = try await GitRemote()
        let (mirror, base, url) = try await host.fetched(remote)
        let tree = try await WorkTree.checkout(
            mirror: mirror, commit: base, at: host.workPath(), sandboxRepository: false)
        try write(["b": "two"], in: tree.directory)
        let head = try #require(try await tree.snapshot(parent: base, message: "m", date: someDate).commit)
        let id = try await Program.run(["git", "hash-object", "--stdin"], input: "two").trimmed
        let name = "*/objects/\(id.prefix(2))/\(id.dropFirst(2))"
        try await Program.run(["find", host.folder.path("home/mirrors"), "-path", name, "-delete"])
        try write(["a": "other"], in: tree.directory)
        let error = await #expect(throws: GitError.self) {
            try await tree.snapshot(parent: head, message: "m", date: someDate)
        }
        #expect(error?.code == .objectNotFound && error?.isRetriable == true, "\(error?.description ?? "")")
        // Whoever tries again looks anew.
        #expect(try await host.mirror(url).contains(head) == false)
    }

    @Test func `keeps every object when a sweep packs the many small ones`() async throws {
        let host = try hosts.new()
        let remote = try await GitRemote()
        let (mirror, base, _) = try await host.fetched(remote)
        let tree = try await WorkTree.checkout(mirror: mirror, commit: base, at: host.workPath())
        let files = Dictionary(uniqueKeysWithValues: (0..<9000).map { ("f/\($0 % 20)/\($0)", "number \($0)") })
        try write(files, in: tree.directory)
        let head = try #require(try await tree.snapshot(parent: base, message: "m", date: someDate).commit)
        func loose() async throws -> Int {
            let objects = host.folder.path("home/mirrors")
            let found = try await Program.run(["find", objects, "-path", "*/objects/??/*", "-type", "f"])
            return found.split(separator: "\n").count
        }
        #expect(try await loose() > 9000)
        #expect(try await host.store.sweep(maxBytes: 1 << 40, maxAge: .seconds(3600)) == 0)
        #expect(try await loose() == 0)
        // Both through the handle that was open all along and through a new one.
        #expect(try await mirror.file(at: head, path: "f/7/7", maxBytes: 99) == Data("number 7".utf8))
        let other = try await MirrorStore(home: host.store.home).mirror(
            company: try #require(CompanyID("acme")), remote: RemoteURL(remote.url, allowLocal: true))
        #expect(try await other.contains(head))
    }

    private func sweepInUse(_ host: Host, _ remote: GitRemote) async throws {
        let (mirror, base, _) = try await host.fetched(remote)
        #expect(try await host.store.sweep(maxBytes: 0, maxAge: .zero) == 0)
        #expect(try await mirror.contains(base))
    }

    @Test func `gives the same commit for the same input on every host`() async throws {
        let remote = try await GitRemote()
        var made: Set<ObjectID> = []
        for _ in 0..<2 {
            let (mirror, base, _) = try await hosts.new().fetched(remote)
            let tree = try await mirror.tree(of: base)
            let commit = try await mirror.commit(
                tree: tree, parents: [base], message: "Fix it  \r\n\r\nBody\0\n\n", date: someDate)
            made.insert(commit)
        }
        #expect(made.count == 1)
    }

    @Test func `compares commits`() async throws {
        let remote = try await GitRemote(files: ["a": "1\n2\n3\n", "gone": "x\n", "old": "some\nlonger\ntext\nhere\n"])
        let host = try hosts.new()
        let (mirror, base, url) = try await host.fetched(remote)
        let changes: [String: String?] = [
            "a": "1\n2\n4\n", "gone": nil, "new": "n\n", "old": nil, "moved": "some\nlonger\ntext\nhere\n",
            "bin": "a\0b",
        ]
        try await remote.commit(changes, message: "x")
        let tip = try await mirror.fetch(remote: url, branch: RefName("main"))
        let diff = try await mirror.diff(from: base, to: tip, maxBytes: 100_000)
        #expect(diff.files.map(\.path).sorted() == ["a", "bin", "gone", "moved", "new"])
        #expect(diff.files.first { $0.path == "moved" }?.oldPath == "old")
        #expect(diff.files.first { $0.path == "moved" }?.status == .renamed)
        #expect(diff.files.first { $0.path == "gone" }?.status == .deleted)
        #expect((diff.insertions, diff.deletions) == (2, 2))
        #expect(diff.patch.contains("-3\n+4\n") && !diff.isTruncated)
        let short = try await mirror.diff(from: base, to: tip, maxBytes: 40)
        #expect(short.isTruncated && short.patch.utf8.count <= 40 && short.insertions == 2)
    }
}
