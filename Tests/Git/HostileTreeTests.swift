import Foundation
import Foundations
import TestSupport
import Testing

@testable import Git

/// Trees that a command can leave to a service that is not root: a right snapshot or a clear error, in bounded time.
@Suite(.timeLimit(.minutes(2)))
struct `A hostile work tree`: WorkTreeSuite {
    let fixture: WorkTreeFixture

    init() async throws {
        fixture = try await WorkTreeFixture(["README.md": "hello\n", "docs/a.md": "a\n", "z/y/x": "x\n"])
    }

    /// Runs a Python script in the tree, as whoever runs the tests, and gives its files to an ordinary account.
    private func make(_ script: String) async throws {
        _ = try await Program.run(
            ["python3", "-c", "import os, sys\nos.chdir(sys.argv[1])\n" + script, tree.directory])
        try await OrdinaryAccount.give(host.folder.path)
    }

    private func paths(_ found: Snapshot) async throws -> [String] {
        try await mirror.paths(at: found.commit ?? base)
    }

    @Test func `with 5,000 folders within each other is kept but for what is too deep, and goes away`() async throws {
        try await make("open('new', 'w').close()\nfor _ in range(5000): os.mkdir('d'); os.chdir('d')\nopen('f','w')")
        let found = try await ordinarySnapshot()
        #expect(found.skipped.map(\.reason) == [.tooDeep])
        #expect(try await paths(found) == ["README.md", "docs/a.md", "new", "z/y/x"])
        try await tree.remove()
        #expect(!FileManager.default.fileExists(atPath: tree.directory))
    }

    @Test func `with names that are no text travels whole`() async throws {
        try await make(
            """
            for name in [b'new\\nline', b'\\xff\\xfe', b'-rf', b'a\\\\b', b'tab\\t', b'q"', b'n' * 255, b'\\xcc\\x81']:
                open(name, 'w').write('x')
            os.mkdir(b'\\xff'); open(b'\\xff/\\x01', 'w').write('y')
            """)
        let found = try await ordinarySnapshot()
        let head = try #require(found.commit)
        #expect(found.skipped.isEmpty)
        #expect(try await paths(found).count == 3 + 9)
        let other = try Host()
        let (copy, _, _) = try await other.fetched(remote)
        try await copy.add(pack: try await mirror.pack(want: head, have: [base]), head: head)
        let again = try await WorkTree.checkout(mirror: copy, commit: head, at: other.workPath())
        #expect(try await again.snapshot(parent: head, message: "x", date: someDate).commit == nil)
        #expect(try await mirror.diff(from: base, to: head, maxBytes: 1 << 20).files.count == 9)
    }

    @Test func `with links in circles and out of it keeps the links`() async throws {
        try await make(
            """
            os.symlink('b', 'a'); os.symlink('a', 'b'); os.symlink('.', 'self'); os.symlink('..', 'docs/up')
            os.symlink('/', 'root'); os.symlink('x' * 4000, 'long'); os.symlink('/proc/self/fd/0', 'fd')
            os.rename('z', 'was'); os.symlink('was', 'z')
            """)
        let found = try await ordinarySnapshot()
        #expect(found.skipped.isEmpty)
        #expect(
            try await paths(found) == [
                "README.md", "a", "b", "docs/a.md", "docs/up", "fd", "long", "root", "self", "was/y/x", "z",
            ])
    }

    @Test func `with files of a terabyte of nothing is read in no time`() async throws {
        try await make(
            "for name in ['new', 'docs/a.md']: os.truncate(os.open(name, os.O_CREAT | os.O_WRONLY), 1 << 40)")
        let found = try await ordinarySnapshot()
        #expect(found.commit == nil)
        #expect(
            Set(found.skipped) == [
                SkippedFile(path: "new", reason: .tooLarge), SkippedFile(path: "docs/a.md", reason: .tooLarge),
            ])
    }

    @Test(.enabled(if: geteuid() == 0, "only root may make devices"))
    func `with pipes, sockets, devices and hard links keeps what is a file`() async throws {
        try await make(
            """
            import socket, stat
            os.link('README.md', 'second'); os.mkfifo('pipe'); os.mknod('null', stat.S_IFCHR | 0o666, os.makedev(1, 3))
            socket.socket(socket.AF_UNIX).bind('socket'); os.remove('docs/a.md'); os.mkfifo('docs/a.md')
            os.remove('z/y/x'); os.mkdir('z/y/x'); os.mkfifo('z/y/x/p'); os.mkfifo('.gitignore')
            """)
        let found = try await ordinarySnapshot()
        #expect(try await paths(found) == ["README.md", "second"])
        #expect(found.skipped.allSatisfy { $0.reason == .specialFile })
        #expect(found.skipped.map(\.path).sorted() == [".gitignore", "docs/a.md", "null", "pipe", "socket", "z/y/x/p"])
    }

    @Test(arguments: ["open('.git', 'w').write('gitdir: /etc')", "os.symlink('/', '.git')", "os.mkfifo('.git')"])
    func `with another .git is what it is without`(script: String) async throws {
        try await make(
            "import shutil\nshutil.rmtree('.git')\n\(script)\nos.mkdir('.GIT'); open('.GIT/x', 'w')\n"
                + "os.mkdir('git~1'); open('git~1/x', 'w'); open('.gitmodules', 'w').write('[x')\nos.chmod('.', 0)")
        let found = try await ordinarySnapshot()
        let paths = try await paths(found)
        #expect(paths.filter { !$0.hasPrefix("git~1") } == [".gitmodules", "README.md", "docs/a.md", "z/y/x"])
    }

    @Test func `that moves meanwhile gives one of its states, or an error`() async throws {
        try await OrdinaryAccount.give(host.folder.path)
        let (docs, moved, over) = ("\(tree.directory)/docs", "\(tree.directory)/moved", host.folder.path("over"))
        async let mover: Void = OrdinaryAccount.run {
            while access(over, F_OK) != 0 {
                rename(docs, moved)
                rename(moved, docs)
            }
        }
        defer { close(creat(over, 0o644)) }
        for _ in 0..<100 {
            guard let found = try await settled() else { continue }
            #expect(try await paths(found).filter { $0.hasSuffix("a.md") }.count == 1)
        }
        close(creat(over, 0o644))
        try await mover
    }

    /// `nil` if the tree did not hold still.
    private func settled() async throws -> Snapshot? {
        do { return try await ordinarySnapshot() } catch let error as GitError where error.code == .unreadable {
            return nil
        }
    }
}
