import Foundation
import Foundations
import Git
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(2)))
struct `Packs between hosts` {
    private let hosts = Hosts()
    @Test func `carry a commit without its history to a host that never sees the remote`() async throws {
        let remote = try await GitRemote(files: ["a": "1", "keep": "same"])
        try await remote.commit(["a": "2"], message: "second")
        let (planner, base, url) = try await hosts.new().fetched(remote)
        let coder = try await hosts.new().mirror(url)
        #expect(try await coder.contains(base) == false)
        try await coder.add(pack: planner.pack(want: base), head: base)
        #expect(try await coder.contains(base))
        #expect(try await coder.paths(at: base) == ["a", "keep"])
        #expect(try await coder.knownCommits() == [base])

        // What the coder has is not sent again.
        let text = (0..<3000).map { "line \($0)" }.joined(separator: "\n")
        try await remote.commit(["big": text], message: "third")
        let middle = try await planner.fetch(remote: url, branch: RefName("main"))
        try await coder.add(pack: planner.pack(want: middle, have: coder.knownCommits()), head: middle)
        try await remote.commit(["big": text + "\nmore"], message: "fourth")
        let tip = try await planner.fetch(remote: url, branch: RefName("main"))
        let thin = try await planner.pack(want: tip, have: coder.knownCommits())
        #expect(thin.count < 1000)
        try await coder.add(pack: thin, head: tip)
        #expect(try await coder.contains(tip))
        // A have that the sender does not know is no obstacle.
        let stranger = try #require(ObjectID(String(repeating: "ab", count: 20)))
        let whole = try await planner.pack(want: tip, have: [stranger])
        try await hosts.new().mirror(url).add(pack: whole, head: tip)
    }

    @Test func `hold what an older commit of the other side had and a newer one lost`() async throws {
        let remote = try await GitRemote(files: ["f": "first", "g": "x"])
        let (planner, _, url) = try await hosts.new().fetched(remote)
        try await remote.commit(["f": "second"], message: "b")
        let second = try await planner.fetch(remote: url, branch: RefName("main"))
        let coder = try await hosts.new().mirror(url)
        try await coder.add(pack: planner.pack(want: second), head: second)
        try await remote.commit(["f": "first"], message: "back")
        let third = try await planner.fetch(remote: url, branch: RefName("main"))
        try await coder.add(pack: planner.pack(want: third, have: [second]), head: third)
        #expect(try await coder.file(at: third, path: "f", maxBytes: 99) == Data("first".utf8))
    }

    @Test func `take a checkpoint from host to host with all that Git can hold`() async throws {
        let remote = try await GitRemote(files: ["old.txt": "old\n", "gone.txt": "x\n", "dir/tool.sh": "#!/bin/sh\n"])
        try await remote.commit(["more": "y"], message: "second")
        let (planner, base, url) = try await hosts.new().fetched(remote)
        let (one, two) = (try hosts.new(), try hosts.new())
        let coder = try await one.mirror(url)
        try await coder.add(pack: planner.pack(want: base), head: base)
        let tree = try await WorkTree.checkout(mirror: coder, commit: base, at: one.workPath())
        try write(
            ["old.txt": "changed\n", "new/ü ✓ \"q\".txt": "ü", "bin": "a\0b\u{1}", "empty": ""], in: tree.directory)
        let files = FileManager.default
        try files.removeItem(atPath: "\(tree.directory)/gone.txt")
        try files.createSymbolicLink(atPath: "\(tree.directory)/link", withDestinationPath: "/etc/passwd")
        try files.createDirectory(atPath: "\(tree.directory)/hollow/deep", withIntermediateDirectories: true)
        try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(tree.directory)/new/ü ✓ \"q\".txt")
        let snapshot = try await tree.snapshot(parent: base, message: "Step 1", date: someDate)
        let head = try #require(snapshot.commit)
        #expect(snapshot.skipped.isEmpty)
        let checkpoint = try await coder.pack(want: head, have: [base])

        let other = try await two.mirror(url)
        try await other.add(pack: planner.pack(want: base), head: base)
        try await other.add(pack: checkpoint, head: head)
        let copy = try await WorkTree.checkout(
            mirror: other, commit: head, at: two.workPath(), sandboxRepository: false)
        #expect(try listing(copy.directory) == listing(tree.directory))
        #expect(try listing(copy.directory)["link"] == "-> /etc/passwd")
        #expect(try await copy.snapshot(parent: head, message: "same", date: someDate).commit == nil)
        #expect(try await other.knownCommits() == [head, base])
        // The same files on top of the same base are the same commit there.
        try await copy.restore(base)
        try await copy.restore(head)
        #expect(try await copy.snapshot(parent: base, message: "Step 1", date: someDate).commit == head)
    }

    @Test func `that are damaged, cut or incomplete are refused`() async throws {
        let remote = try await GitRemote(files: ["a": (0..<500).map { "\($0)\n" }.joined(), "b": "x"])
        let (planner, base, url) = try await hosts.new().fetched(remote)
        let pack = try await planner.pack(want: base)
        var flipped = Data(pack)
        flipped[flipped.count / 2] ^= 0xFF
        let tree = try await planner.tree(of: base)
        let bad = [Data(), Data("PACK".utf8), Data(repeating: 7, count: 4000), pack.prefix(pack.count / 2), flipped]
        for bytes in bad {
            let coder = try await hosts.new().mirror(url)
            let error = await #expect(throws: GitError.self) { try await coder.add(pack: Data(bytes), head: base) }
            #expect(error?.code == .corrupt)
            #expect(try await coder.contains(base) == false)
        }
        // A whole pack, but of another commit than was asked for.
        let coder = try await hosts.new().mirror(url)
        let error = await #expect(throws: GitError.self) { try await coder.add(pack: pack, head: tree) }
        #expect(error?.code == .corrupt)
        // A thin pack whose base is not there.
        try await remote.commit(["b": "y"], message: "more")
        let tip = try await planner.fetch(remote: url, branch: RefName("main"))
        let thin = try await planner.pack(want: tip, have: [base])
        let empty = try await hosts.new().mirror(url)
        await #expect(throws: GitError.self) { try await empty.add(pack: thin, head: tip) }
        #expect(try await empty.contains(tip) == false)
        await #expect(throws: GitError.self) { try await empty.pack(want: tip) }
        // After all that the right pack is still taken.
        try await empty.add(pack: planner.pack(want: tip), head: tip)
        #expect(try await empty.contains(tip))
    }

    @Test func `of many files are taken in one piece`() async throws {
        let files = Dictionary(uniqueKeysWithValues: (0..<400).map { ("d\($0 % 7)/f\($0)", "content \($0)\n") })
        let remote = try await GitRemote(files: files)
        let (planner, base, url) = try await hosts.new().fetched(remote)
        let coder = try await hosts.new().mirror(url)
        try await coder.add(pack: planner.pack(want: base), head: base)
        #expect(try await coder.paths(at: base).count == 400)
    }
}
