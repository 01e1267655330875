import Foundation
import Git
import TestSupport
import Testing

/// What a snapshot leaves out, and tells of.
@Suite(.timeLimit(.minutes(2)))
struct `A snapshot`: WorkTreeSuite {
    let fixture: WorkTreeFixture

    init() async throws {
        fixture = try await WorkTreeFixture([
            "app.py": "x = 1\n", "build/config.py": "y = 1\n",
            ".gitattributes": "[attr]big filter=lfs\n*.dat filter=lfs -text\nraw/*.dat -filter\n",
            "old.dat": Self.pointer, "images/.gitattributes": "*.png big\n",
        ])
    }

    private static let pointer = """
        version https://git-lfs.github.com/spec/v1
        oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393
        size 12345

        """

    private func snapshot(keeping: Set<String> = []) async throws -> Snapshot {
        try await tree.snapshot(parent: base, message: "Step", date: someDate, keeping: keeping)
    }

    private func added(_ snapshot: Snapshot) async throws -> [String] {
        guard let commit = snapshot.commit else { return [] }
        let before = Set(try await mirror.paths(at: base))
        return try await mirror.paths(at: commit).filter { !before.contains($0) }
    }

    @Test func `leaves out what looks like leftovers of tools, and tells of it`() async throws {
        let left = [
            ".coverage", "htmlcov/index.html", "app.egg-info/PKG-INFO", "target/debug/app", "venv/bin/python",
            "core.123",
            "nohup.out", "sub/dist/a.js", "a.o", ".nyc_output/x",
            // More of the kind.
            "bin/core", ".coverage.host.1.x", "env/pyvenv.cfg", "lib/x.so", "web/.next/a", "app.tsbuildinfo",
            "cs/bin/Debug/a.dll", "cs/obj/a", "CMakeFiles/x", "CMakeCache.txt", "cmake-build-debug/x",
            "default.profraw",
            "coverage.out", "gems/vendor/bundle/x", "hs_err_pid7.log", "core.python3.4711", "gmon.out", "notes.txt~",
            "zig-out/a", "test-results/x", "server.pid",
        ]
        let silent = [".venv/x", "node_modules/a/b", "__pycache__/a.pyc", ".pytest_cache/x"]
        let kept = [
            "build/more.py", "core.v2/x", "core/x.py", "distribution.md", "new.py", "targets/a", "bin/run", "lib/a.c",
            "environment/a", "my.profile", "coverage.py",
        ]
        try write(
            Dictionary(uniqueKeysWithValues: (left + silent + kept).map { ($0, "x") }), in: tree.directory)
        let found = try await snapshot()
        #expect(try await added(found) == kept.sorted())
        #expect(
            Set(found.leftovers) == [
                ".coverage", "htmlcov", "app.egg-info", "target", "venv", "core.123", "nohup.out", "sub/dist", "a.o",
                ".nyc_output", "bin/core", ".coverage.host.1.x", "env", "lib/x.so", "web/.next", "app.tsbuildinfo",
                "cs/bin/Debug", "cs/obj", "CMakeFiles", "CMakeCache.txt", "cmake-build-debug", "default.profraw",
                "coverage.out", "gems/vendor/bundle", "hs_err_pid7.log", "core.python3.4711", "gmon.out", "notes.txt~",
                "zig-out", "test-results", "server.pid",
            ])
        #expect(found.skipped.isEmpty && found.forced.isEmpty)
    }

    @Test func `keeps leftovers that are named, whole folders too`() async throws {
        try write(
            [
                "target/site/a.html": "a", "target/b": "b", "dist/c.js": "c", "dist/d.js": "d", ".coverage": "x",
                "node_modules/m/i.js": "m",
            ], in: tree.directory)
        let found = try await snapshot(keeping: ["target/", "dist/c.js", "node_modules/m"])
        #expect(try await added(found) == ["dist/c.js", "node_modules/m/i.js", "target/b", "target/site/a.html"])
        #expect(Set(found.leftovers) == [".coverage", "dist/d.js"])
        #expect(found.forced == ["node_modules/m/i.js"])
    }

    @Test func `lets a repository take leftovers back`() async throws {
        try write([".gitignore": "!target/\n*.tmp\n", "target/a": "a", "x.tmp": "x", "b.o": "o"], in: tree.directory)
        let found = try await snapshot()
        #expect(try await added(found) == [".gitignore", "target/a"])
        #expect(found.leftovers == ["b.o"])
    }

    @Test func `puts no content where only pointers belong`() async throws {
        try write(
            [
                "a.dat": "raw", "sub/b.dat": "raw", "old.dat": "changed", "raw/c.dat": "meant", "new.dat": Self.pointer,
                "images/d.png": "png", "images/e.jpg": "jpg",
            ], in: tree.directory)
        let found = try await snapshot()
        #expect(try await added(found) == ["images/e.jpg", "new.dat", "raw/c.dat"])
        #expect(
            Set(found.skipped)
                == Set(
                    ["a.dat", "sub/b.dat", "old.dat", "images/d.png"].map {
                        SkippedFile(path: $0, reason: .largeFileStorage)
                    }))
        let commit = try #require(found.commit)
        #expect(try await mirror.file(at: commit, path: "old.dat", maxBytes: 999) == Data(Self.pointer.utf8))
        // Who names it means it.
        #expect(try await added(snapshot(keeping: ["a.dat"])).contains("a.dat"))
        try FileManager.default.removeItem(atPath: "\(tree.directory)/old.dat")
        let without = try #require(try await snapshot().commit)
        #expect(try await !mirror.paths(at: without).contains("old.dat"))
    }

    @Test func `tells of files in a submodule`() async throws {
        let tip = try await fixture.submoduleCommit()
        let foreign = try await mirror.foreignContent(of: tip)
        #expect(foreign.submodules == ["vendor/lib"])
        #expect(foreign.largeFiles == ["old.dat"] && foreign.largeFileCount == 1)
        let other = try await WorkTree.checkout(mirror: mirror, commit: tip, at: host.workPath("sub"))
        #expect(try await other.snapshot(parent: tip, message: "x", date: someDate).skipped.isEmpty)
        // By a command, not by a tool.
        try write(["vendor/lib/new.py": "x"], in: other.directory)
        let found = try await other.snapshot(parent: tip, message: "x", date: someDate)
        #expect(found.commit == nil)
        #expect(found.skipped == [SkippedFile(path: "vendor/lib", reason: .submodule)])
        #expect(try await other.changes().isEmpty)
    }
}
