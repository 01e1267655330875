import Foundation
import Foundations
import Git
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(2)))
struct `A work tree`: WorkTreeSuite {
    let fixture: WorkTreeFixture

    init() async throws {
        fixture = try await WorkTreeFixture([
            "README.md": "hello\n", "src/main.c": "int main;\n", "src/tool.sh": "#!/bin/sh\n",
            ".gitignore": "*.log\nmade/\n!keep.log\n", "src/.gitignore": "/local\n",
        ])
    }

    private func snapshot(_ limits: SnapshotLimits = .init()) async throws -> Snapshot {
        try await tree.snapshot(parent: base, message: "Step", date: someDate, limits: limits)
    }

    private func paths(_ snapshot: Snapshot) async throws -> [String] {
        try await mirror.paths(at: try #require(snapshot.commit))
    }

    private func git(_ arguments: String...) async throws -> String {
        try await Program.run(
            ["git", "-C", tree.directory] + arguments,
            environment: ["GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"])
    }

    @Test func `that did not change gives no commit`() async throws {
        let snapshot = try await snapshot()
        #expect(snapshot.commit == nil)
        #expect(snapshot.tree == (try await mirror.tree(of: base)))
    }

    @Test func `gives commands a repository of just this commit`() async throws {
        #expect(try await git("status", "--porcelain") == "")
        #expect(try await git("log", "--format=%H").split(separator: "\n").map(String.init) == [base.text])
        #expect(try await git("fsck", "--no-dangling").contains("error") == false)
        try write(["README.md": "changed\n"], in: tree.directory)
        #expect(try await git("status", "--porcelain") == " M README.md\n")
        _ = try await git("commit", "-qam", "own")
        _ = try await git("checkout", "-q", "-b", "elsewhere")
        _ = try await git("gc", "-q")
        #expect(try await git("remote") == "")
        // No other commit of the mirror is there.
        let other = try await remote.commit(["secret": "other branch"], message: "x", on: "other")
        _ = try await mirror.fetch(remote: RemoteURL(remote.url, allowLocal: true), branch: RefName("other"))
        await #expect(throws: Program.Failed.self) { try await git("cat-file", "-e", other) }
        // Whatever git did there, the host sees files alone.
        #expect(try await paths(snapshot()) == (try await mirror.paths(at: base)))
    }

    @Test func `sees every kind of change, once`() async throws {
        try write(["README.md": "HELLO\n", "new.txt": "n"], in: tree.directory)
        try FileManager.default.removeItem(atPath: "\(tree.directory)/src/main.c")
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: "\(tree.directory)/src/tool.sh")
        let first = try await snapshot()
        #expect(try await paths(first) == [".gitignore", "README.md", "new.txt", "src/.gitignore", "src/tool.sh"])
        let commit = try #require(first.commit)
        #expect(try await mirror.list(at: commit, path: "src")?.last?.kind == .file)
        #expect(try await snapshot() == first)
        // A change of the same size right after a snapshot is not missed.
        for round in 0..<50 {
            try write(["README.md": "HELL\(round % 10)\n"], in: tree.directory)
            let now = try #require(try await snapshot().commit)
            let text = try await mirror.file(at: now, path: "README.md", maxBytes: 99)
            #expect(text == Data("HELL\(round % 10)\n".utf8))
        }
    }

    @Test func `turns files into directories and links and back`() async throws {
        let files = FileManager.default
        try files.removeItem(atPath: "\(tree.directory)/README.md")
        try files.removeItem(atPath: "\(tree.directory)/src")
        try write(["README.md/inner": "x"], in: tree.directory)
        try files.createSymbolicLink(atPath: "\(tree.directory)/src", withDestinationPath: "/")
        let commit = try #require(try await snapshot().commit)
        #expect(try await mirror.paths(at: commit) == [".gitignore", "README.md/inner", "src"])
        #expect(try await mirror.list(at: commit)?.last?.kind == .symbolicLink)
        try await tree.restore(base)
        #expect(try await snapshot().commit == nil)
        try await tree.restore(commit)
        #expect(try await snapshot().commit == commit)
    }

    @Test func `leaves out what is ignored, but not what was committed`() async throws {
        try write(
            [
                "a.log": "x", "keep.log": "x", "made/out": "x", "src/local": "x", "src/deep/local": "x",
                "node_modules/m/index.js": "x", "pkg/__pycache__/a.pyc": "x", "sub/keep.log/made/x": "x",
            ], in: tree.directory)
        let first = try await snapshot()
        #expect(
            try await paths(first) == [
                ".gitignore", "README.md", "keep.log", "src/.gitignore", "src/deep/local", "src/main.c", "src/tool.sh",
            ])
        try write([".gitignore": "*.c\n/src/\n!node_modules/\n", "src/main.c": "new;\n"], in: tree.directory)
        let second = try await paths(snapshot())
        #expect(second.contains("src/main.c") && second.contains("made/out") && !second.contains("src/local"))
        #expect(second.contains("node_modules/m/index.js"))
    }

    @Test func `skips and reports what does not belong into a commit`() async throws {
        let large = "\(tree.directory)/large.bin"
        #expect(FileManager.default.createFile(atPath: large, contents: nil))
        truncate(large, 100 << 20)
        mkfifo("\(tree.directory)/pipe", 0o644)
        mkfifo("\(tree.directory)/src/.gitignore.pipe", 0o644)
        try write(["ok": "1"], in: tree.directory)
        let found = try await snapshot()
        #expect(try await paths(found).contains("ok"))
        #expect(
            Set(found.skipped) == [
                SkippedFile(path: "large.bin", reason: .tooLarge), SkippedFile(path: "pipe", reason: .specialFile),
                SkippedFile(path: "src/.gitignore.pipe", reason: .specialFile),
            ])
        let error = await #expect(throws: GitError.self) { try await snapshot(SnapshotLimits(maxFiles: 3)) }
        #expect(error?.code == .tooLarge)
        try write(["big": String(repeating: "x", count: 1000)], in: tree.directory)
        await #expect(throws: GitError.self) { try await snapshot(SnapshotLimits(maxNewBytes: 100)) }
    }

    @Test func `never waits for a pipe and follows no link out of itself`() async throws {
        let directory = tree.directory
        try FileManager.default.removeItem(atPath: "\(directory)/.gitignore")
        mkfifo("\(directory)/.gitignore", 0o644)
        let outside = try TemporaryFolder()
        try outside.write("secret.txt", "secret")
        try FileManager.default.removeItem(atPath: "\(directory)/src")
        try FileManager.default.createSymbolicLink(atPath: "\(directory)/src", withDestinationPath: outside.path)
        let found = try await snapshot()
        #expect(try await paths(found) == ["README.md", "src"])
        #expect(found.skipped == [SkippedFile(path: ".gitignore", reason: .specialFile)])
        // Writing through the link would change what lies outside.
        try await tree.restore(base, keepingIgnored: false)
        #expect(try FileManager.default.contentsOfDirectory(atPath: outside.path) == ["secret.txt"])
        #expect(try listing(directory).keys.sorted() == (try await mirror.paths(at: base)))
    }

    @Test func `runs nothing that a command left in it`() async throws {
        let proof = host.folder.path("proof")
        let hook = "#!/bin/sh\ntouch '\(proof)'\n"
        let hooks = ["pre-commit", "post-checkout", "post-index-change", "fsmonitor", "reference-transaction"]
        for name in hooks {
            try write([".git/hooks/\(name)": hook], in: tree.directory)
            chmod("\(tree.directory)/.git/hooks/\(name)", 0o755)
        }
        let run = "\(tree.directory)/.git/hooks/fsmonitor"
        try write(
            [
                ".git/config": """
                [core]
                \tfsmonitor = \(run)
                \thooksPath = .git/hooks
                \tsshCommand = \(run)
                [filter "x"]
                \tclean = \(run)
                \tsmudge = \(run)
                \tprocess = \(run)
                \trequired = true
                [include]
                \tpath = /dev/zero
                """,
                ".gitattributes": "* filter=x diff=x text eol=crlf\n", "new": "line\r\nline\n",
                "nested/.git/config": "[core]\n\tfsmonitor = \(run)\n", "nested/file": "x",
            ], in: tree.directory)
        let found = try await snapshot()
        let head = try #require(found.commit)
        #expect(try await mirror.file(at: head, path: "new", maxBytes: 99) == Data("line\r\nline\n".utf8))
        #expect(try await mirror.paths(at: head).contains("nested/file"))
        #expect(try await mirror.paths(at: head).allSatisfy { !$0.contains(".git/") })
        _ = try await mirror.pack(want: head, have: [base])
        try await tree.restore(base)
        try await tree.restore(head)
        #expect(!FileManager.default.fileExists(atPath: proof))
    }

    @Test func `is restored exactly, keeping or dropping the products of a build`() async throws {
        try write(["extra/new.txt": "n", "build/out.o": "o", "README.md": "changed"], in: tree.directory)
        try FileManager.default.createDirectory(
            atPath: "\(tree.directory)/hollow/deep", withIntermediateDirectories: true)
        let before = try FileManager.default.attributesOfItem(atPath: "\(tree.directory)/src/main.c")
        try await tree.restore(base)
        #expect(
            try listing(tree.directory).keys.sorted() == (try await mirror.paths(at: base) + ["build/out.o"]).sorted())
        let after = try FileManager.default.attributesOfItem(atPath: "\(tree.directory)/src/main.c")
        #expect(before[.modificationDate] as? Date == after[.modificationDate] as? Date)
        #expect(!FileManager.default.fileExists(atPath: "\(tree.directory)/hollow"))
        #expect(!FileManager.default.fileExists(atPath: "\(tree.directory)/extra"))
        try await tree.restore(base, keepingIgnored: false)
        #expect(try listing(tree.directory).keys.sorted() == (try await mirror.paths(at: base)))
        #expect(try await snapshot().commit == nil)
    }

    @Test func `tells what commands changed, deleted and added, and stores nothing of it`() async throws {
        #expect(try await tree.changes().isEmpty)
        // The same size, and as far as the clock goes the same time.
        let text = try String(contentsOfFile: "\(tree.directory)/README.md", encoding: .utf8)
        try write(
            ["README.md": String(text.reversed()), "extra/new.txt": "n", "build/out.o": "o"], in: tree.directory)
        #expect(try await tree.changes() == TreeChanges(tracked: ["README.md"], new: ["extra/new.txt"]))
        try write(["README.md": text], in: tree.directory)
        #expect(try await tree.changes() == TreeChanges(new: ["extra/new.txt"]))
        try FileManager.default.removeItem(atPath: "\(tree.directory)/src/main.c")
        #expect(try await tree.changes().tracked == ["src/main.c"])
        try FileManager.default.createDirectory(
            atPath: "\(tree.directory)/src/main.c", withIntermediateDirectories: true)
        #expect(try await tree.changes().tracked == ["src/main.c"])
        try await tree.restore(base)
        #expect(try await tree.changes().isEmpty)
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755], ofItemAtPath: "\(tree.directory)/README.md")
        #expect(try await tree.changes().tracked == ["README.md"])
    }

    @Test(.enabled(if: getuid() == 0, "only root may give files away"))
    func `may belong to another user`() async throws {
        _ = try await Program.run(["chown", "-R", "65534:65534", tree.directory])
        #expect(try await snapshot().commit == nil)
        try write(["README.md": "HELLO\n"], in: tree.directory)
        let head = try #require(try await snapshot().commit)
        try await tree.restore(base)
        #expect(try await snapshot().commit == nil)
        try await tree.restore(head)
        #expect(try await snapshot().commit == head)
    }

    @Test func `goes away whatever it holds`() async throws {
        var deep = tree.directory
        for _ in 0..<40 { deep += "/" + String(repeating: "d", count: 60) }
        try FileManager.default.createDirectory(atPath: deep, withIntermediateDirectories: true)
        // Deeper than any path may be long.
        _ = try await Program.run(
            [
                "python3", "-c",
                "import os, sys\nos.chdir(sys.argv[1])\nfor _ in range(150): os.mkdir('d' * 40); os.chdir('d' * 40)",
                deep,
            ])
        try write(["locked/file": "x"], in: tree.directory)
        chmod("\(tree.directory)/locked", 0)
        let found = try await snapshot()
        #expect(found.skipped.contains { $0.reason == .tooDeep })
        try await tree.remove()
        try await tree.remove()
        #expect(try FileManager.default.contentsOfDirectory(atPath: host.folder.path("work")).isEmpty)
    }

    @Test(arguments: ["", ".", "relative/path", "/automata-never", "/automata-never/../x", "/automata/never/"])
    func `is made only at an absolute path of its own`(path: String) async throws {
        await #expect(throws: GitError.self) {
            try await WorkTree.checkout(mirror: mirror, commit: base, at: path)
        }
    }

    @Test func `is replaced by the next one in the same place`() async throws {
        try write(["left": "over"], in: tree.directory)
        let next = try await WorkTree.checkout(mirror: mirror, commit: base, at: tree.directory)
        #expect(try listing(next.directory).keys.sorted() == (try await mirror.paths(at: base)))
        let stranger = try #require(ObjectID(String(repeating: "ab", count: 20)))
        await #expect(throws: GitError.self) {
            try await WorkTree.checkout(mirror: mirror, commit: stranger, at: host.workPath("none"))
        }
        #expect(!FileManager.default.fileExists(atPath: host.workPath("none")))
    }

    @Test func `of a repository with hostile paths is refused or stays inside`() async throws {
        let blob = try await remote.git(["hash-object", "-w", "--stdin"], input: "evil")
            .trimmingCharacters(in: .newlines)
        for name in ["..", ".git", ".GIT", "."] {
            let pack = "printf '%b' \"$(printf '%s' '\(blob)' | sed 's/../\\\\x&/g')\""
            let script = """
                cd '\(remote.url)' && { printf '100644 %s\\0' '\(name)'; \(pack); } \
                | git hash-object -w --literally -t tree --stdin
                """
            let tree = try await Program.run(["bash", "-c", script]).trimmingCharacters(in: .newlines)
            let commit = try await remote.git([
                "-c", "user.name=E", "-c", "user.email=e@x", "commit-tree", tree, "-m", "evil",
            ])
            try await remote.git(["update-ref", "refs/heads/evil", commit.trimmingCharacters(in: .newlines)])
            let url = try RemoteURL(remote.url, allowLocal: true)
            let tip = try await mirror.fetch(remote: url, branch: RefName("evil"))
            await #expect(throws: GitError.self) {
                try await WorkTree.checkout(mirror: mirror, commit: tip, at: host.workPath("evil"))
            }
            #expect(!FileManager.default.fileExists(atPath: host.workPath("evil")))
        }
    }

    @Test func `keeps the place of a submodule`() async throws {
        let tip = try await fixture.submoduleCommit()
        let other = try await WorkTree.checkout(mirror: mirror, commit: tip, at: host.workPath("sub"))
        #expect(try await other.snapshot(parent: tip, message: "x", date: someDate).commit == nil)
        try write(["vendor/lib/file": "x", "a": "b"], in: other.directory)
        let found = try await other.snapshot(
            parent: tip, message: "x", date: someDate, keeping: ["vendor/lib/file", "a"])
        // What was to be kept and is not has to be told.
        #expect(found.skipped == [SkippedFile(path: "vendor/lib", reason: .submodule)])
        let head = try #require(found.commit)
        #expect(try await mirror.list(at: head, path: "vendor")?.map(\.kind) == [.submodule])
        try await other.restore(tip)
        #expect(try await other.snapshot(parent: tip, message: "x", date: someDate).commit == nil)
    }
}
