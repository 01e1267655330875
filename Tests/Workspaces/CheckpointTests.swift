import Contracts
import Foundation
import Foundations
import Git
import Logging
import TestSupport
import Testing

@testable import TaskStore
@testable import Workspaces

/// Work trees whose states are kept, on hosts that share nothing.
@Suite(.timeLimit(.minutes(1))) struct CheckpointTests {
    /// One host with the work tree of a task.
    private struct Host {
        let folder: TemporaryFolder
        let mirror: Mirror
        let tree: WorkTree
        let workspace: CheckpointedTree

        func put(_ path: String, _ text: String) throws { try folder.write("work/tree/\(path)", text) }
        func put(_ path: String, noise bytes: Int) throws {
            let noise = Data((0..<bytes).map { _ in UInt8.random(in: 0...255) })
            try noise.write(to: URL(filePath: folder.path("work/tree/\(path)")))
        }
        func remove(_ path: String) throws {
            try FileManager.default.removeItem(atPath: folder.path("work/tree/\(path)"))
        }
        func keep(written: String? = nil, asks: Bool = false) async throws -> (checkpoint: Checkpoint?, notes: [String])
        {
            try await workspace.checkpoint(label: "x", written: [written].compactMap(\.self), asks: asks)
        }
        func paths() async throws -> [String] { try await mirror.paths(at: workspace.current) }
    }

    private let remote: GitRemote
    private let url: RemoteURL

    init() async throws {
        remote = try await GitRemote(files: ["README.md": "hello\n", ".gitignore": "*.env\nout/\n"])
        url = try RemoteURL(remote.url, allowLocal: true)
    }

    /// A host on which the work goes on from `chain`.
    private func host(
        _ chain: [Checkpoint] = [], stored: Int = 0, limits: CheckpointLimits = .init()
    ) async throws -> Host {
        let folder = try TemporaryFolder("checkpoints")
        let mirror = try await MirrorStore(home: folder.path("home"))
            .mirror(company: try #require(CompanyID("acme")), remote: url)
        let base = try await mirror.fetch(remote: url, branch: try RefName("main"))
        let head = try await add(chain, after: base, to: mirror).head
        let tree = try await WorkTree.checkout(mirror: mirror, commit: head, at: folder.path("work/tree"))
        let workspace = CheckpointedTree(
            tree, mirror, head: head, stored: stored, limits: limits,
            logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() })
        return Host(folder: folder, mirror: mirror, tree: tree, workspace: workspace)
    }

    /// Adds a chain to a mirror, and tells which of its packs were asked for.
    private func add(
        _ chain: [Checkpoint], after base: ObjectID, to mirror: Mirror
    ) async throws -> (head: ObjectID, asked: [Int]) {
        let stored = chain.enumerated().map { index, checkpoint in
            StoredCheckpoint(
                ordinal: index, commit: checkpoint.commit, tree: checkpoint.tree, base: checkpoint.base,
                bytes: checkpoint.pack.count)
        }
        var asked: [Int] = []
        let head = try await TaskMirror.add(stored, after: base, to: mirror) { checkpoint in
            asked.append(checkpoint.ordinal)
            return chain[checkpoint.ordinal].pack
        }
        return (head, asked)
    }

    @Test func `what a file tool wrote is kept although .gitignore covers it, and the model is told`() async throws {
        let first = try await host()
        try first.put("prod.env", "A=1")
        try first.put("out/deep/report", "r")
        try first.put("out/object", "left by a command")
        let one = try await first.keep(written: "prod.env")
        #expect(one.notes.count == 1 && one.notes[0].contains(".gitignore covers prod.env"))
        let two = try await first.keep(written: "out/deep/report")
        #expect(try await first.paths() == [".gitignore", "README.md", "out/deep/report", "prod.env"])
        // The next owner of the run knows of it by the tree alone.
        let next = try await host([one, two].compactMap(\.checkpoint))
        #expect(try next.folder.read("work/tree/prod.env") == "A=1")
        try next.put("prod.env", "A=2")
        try next.put("other.env", "left by a command")
        let three = try await next.keep()
        #expect(three.notes.isEmpty && three.checkpoint != nil)
        #expect(try await next.paths() == [".gitignore", "README.md", "out/deep/report", "prod.env"])
        try next.remove("prod.env")
        _ = try await next.keep()
        #expect(try await next.paths() == [".gitignore", "README.md", "out/deep/report"])
    }

    @Test func `what cannot be kept yet is kept as soon as it can`() async throws {
        let host = try await host(limits: CheckpointLimits(newBytes: 1 << 20))
        try host.put("big", noise: 2 << 20)
        try host.put("prod.env", "A=1")
        let error = await #expect(throws: CheckpointRefusal.self) { try await host.keep(written: "prod.env") }
        #expect(error?.message.contains("more than 1 MB of new or changed files at once") == true)
        #expect(error?.message.contains("no change is kept") == true)
        try host.remove("big")
        let kept = try await host.keep()
        #expect(kept.notes.count == 1)
        #expect(try await host.paths() == [".gitignore", "README.md", "prod.env"])
    }

    @Test func `the states of a task are bounded, with some room to bring the work to an end`() async throws {
        let limits = CheckpointLimits(taskBytes: 30_000, reserveBytes: 2_000, smallBytes: 1_000)
        let first = try await host(limits: limits)
        try first.put("noise", noise: 20_000)
        let kept = try #require(try await first.keep().checkpoint)
        #expect(kept.pack.count > 20_000)
        // Also after a takeover.
        for host in [first, try await host([kept], stored: kept.pack.count, limits: limits)] {
            try host.put("noise", noise: 20_000)
            let error = await #expect(throws: CheckpointRefusal.self) { try await host.keep() }
            #expect(error?.message.contains("of a task") == true)
            try host.remove("noise")
            #expect(try await host.keep().checkpoint != nil)
        }
        let full = try await host([kept], stored: 31_900, limits: limits)
        try full.put("small", "x")
        await #expect(throws: CheckpointRefusal.self) { try await full.keep() }
    }

    @Test func `what is left out is told once`() async throws {
        let host = try await host()
        mkfifo(host.folder.path("work/tree/pipe"), 0o644)
        let notes = try await host.keep().notes
        #expect(notes == ["note: not part of the work: pipe (neither a file, a folder nor a link)."])
        #expect(try await host.keep().notes.isEmpty)
    }

    @Test func `leftovers of tools are asked about once, before the end`() async throws {
        let host = try await host()
        try host.put("app.py", "x = 1")
        for path in [".coverage", "htmlcov/index.html", "target/a", "target/b"] { try host.put(path, "x") }
        #expect(try await host.keep().notes.isEmpty)
        let question = await #expect(throws: CheckpointRefusal.self) { try await host.keep(asks: true) }
        #expect(question?.message.contains("include") == true)
        for path in [".coverage", "htmlcov", "target"] { #expect(question?.message.contains(path) == true) }
        // What is named then is kept, and nothing is asked again.
        _ = try await host.keep(written: "target", asks: true)
        #expect(try await host.paths() == [".gitignore", "README.md", "app.py", "target/a", "target/b"])
        #expect(try await host.keep(asks: true).checkpoint == nil)
        try host.put("nohup.out", "x")
        await #expect(throws: CheckpointRefusal.self) { try await host.keep(asks: true) }
        #expect(try await host.keep(asks: true).checkpoint == nil)
    }

    @Test func `work that gitignore covers as a whole is asked about before the end`() async throws {
        let host = try await host()
        for path in ["out/ops.py", "__pycache__/ops.pyc"] { try host.put(path, "x") }
        let question = await #expect(throws: CheckpointRefusal.self) { try await host.keep(asks: true) }
        #expect(question?.message.contains("tools: out. If") == true)
        _ = try await host.keep(written: "out", asks: true)
        #expect(try await host.paths() == [".gitignore", "README.md", "out/ops.py"])
        // Beside other work it is what builds make.
        try host.put("b.env", "x")
        #expect(try await host.keep(asks: true).checkpoint == nil)
    }

    @Test func `content for Git LFS is told at once and asked about before the end`() async throws {
        let host = try await host()
        try host.put(".gitattributes", "*.dat filter=lfs\n")
        try host.put("a.dat", "raw")
        #expect(try await host.keep().notes.contains { $0.contains("a.dat (kept in Git LFS") })
        let question = await #expect(throws: CheckpointRefusal.self) { try await host.keep(asks: true) }
        #expect(question?.message.contains("a.dat") == true)
        #expect(try await host.keep(asks: true).checkpoint == nil)
        #expect(try await host.paths() == [".gitattributes", ".gitignore", "README.md"])
    }

    @Test func `only the packs that a host lacks are asked for`() async throws {
        let first = try await host()
        var chain: [Checkpoint] = []
        for number in 1...4 {
            try first.put("file", "\(number)")
            chain.append(try #require(try await first.keep().checkpoint))
        }
        let other = try await host(Array(chain.prefix(2)))
        let base = try #require(ObjectID(chain[0].base))
        #expect(try await add(chain, after: base, to: other.mirror).asked == [2, 3])
        #expect(try await add(chain, after: base, to: other.mirror).asked == [])
        let (head, asked) = try await add(chain, after: base, to: first.mirror)
        #expect(asked == [] && head.text == chain[3].commit)
        #expect(try await add([], after: base, to: first.mirror).head == base)
    }
}
