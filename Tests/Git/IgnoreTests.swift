import Foundation
import Foundations
import Git
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(2)))
struct `Ignore rules` {
    private static let patterns = [
        "*.q", "/a", "a/", "a/b", "/a/*", "**/x", "a/**", "a/**/x", "!x", "!/a/x", "x?", "[ab]", "[!a]x", "b*/", "\\!x",
        "\\#x", "#x", "x ", "x\\ ", "*", "!*/", "a*b", "**", "/*", "!/b", "[a-c]b", "ab/", "**/ab/**", "x.q", "!x.q",
        "[", "b/*/x",
        "***/x", "a**b", "/**/b", "?", "[]a]", "[\\]]", "b\\", "/", "!", "b//x", "[[:alpha:]]b", "x[[:punct:]]q",
        "[![:alpha:]]x",
    ]

    @Test func `agree with git on random patterns and paths`() async throws {
        let host = try Host()
        let remote = try await GitRemote(files: ["seed": "s"])
        let (mirror, base, _) = try await host.fetched(remote)
        let names = ["a", "b", "x", "ab", "x.q", "ax", "b.q", "xa", "#x", "!x"]
        for round in 0..<60 {
            let tree = try await WorkTree.checkout(
                mirror: mirror, commit: base, at: host.workPath("ignore"), sandboxRepository: true)
            var files: [String: String] = [:]
            for _ in 0..<25 {
                let parts = (0..<Int.random(in: 1...4)).map { _ in names.randomElement() ?? "a" }
                // No file where another path needs a directory: the last part has a name of its own.
                files[(parts.dropLast().map { "\($0)" } + ["\(parts[parts.count - 1])"]).joined(separator: "/")] = "1"
            }
            let folders = Set(
                files.keys.flatMap { path in
                    let parts = path.split(separator: "/")
                    return (1..<max(parts.count, 1)).map { parts.prefix($0).joined(separator: "/") }
                })
            files = files.filter { !folders.contains($0.key) }
            func rules() -> String {
                (0..<Int.random(in: 1...5)).compactMap { _ in Self.patterns.randomElement() }.joined(separator: "\n")
                    + "\n"
            }
            let root = rules()
            files[".gitignore"] = root
            if folders.contains("a") { files["a/.gitignore"] = rules() }
            try write(files, in: tree.directory)
            _ = try await Program.run(
                ["git", "-C", tree.directory, "add", "-A"],
                environment: ["GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"])
            let expected = try await Program.run(
                ["git", "-C", tree.directory, "ls-files", "-z"]).split(separator: "\0").map(String.init)
            let snapshot = try await tree.snapshot(parent: base, message: "x", date: someDate)
            let found = try await mirror.paths(at: snapshot.commit ?? base)
            let below = files["a/.gitignore"] ?? ""
            #expect(
                found == expected.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }, "\(round): \(root)|\(below)")
        }
    }

    @Test(
        arguments: [
            (".gitignore", "lib/"), (".gitignore", "lib"), (".gitignore", "/lib/*"), (".gitignore", "*.py"),
            (".gitignore", "**/*.py"), (".gitignore", "lib/**"), (".gitignore", "*\n!*/\n!*.md"),
            (".gitignore", "l?b/\n!lib/ops.py"), (".gitignore", "[kl]ib"), (".gitignore", "*"),
            (".gitignore", "!lib/\nlib/*.py\r"), ("lib/.gitignore", "*"), ("lib/.gitignore", "/*.py"),
            ("lib/.gitignore", "*\n!.gitignore"),
        ])
    func `keep nothing out that was meant, and let in nothing that lies beside it`(
        _ file: String, _ rules: String
    ) async throws {
        let host = try Host()
        let (mirror, base, _) = try await host.fetched(try await GitRemote(files: ["seed": "s"]))
        let tree = try await WorkTree.checkout(mirror: mirror, commit: base, at: host.workPath())
        try write([file: rules + "\n", "lib/ops.py": "meant", "lib/left.py": "left"], in: tree.directory)
        let found = try await tree.snapshot(parent: base, message: "x", date: someDate, keeping: ["lib/ops.py"])
        let paths = try await mirror.paths(at: try #require(found.commit))
        #expect(paths.contains("lib/ops.py") && !paths.contains("lib/left.py"))
    }

    @Test func `stay fast on patterns made to be slow`() async throws {
        let host = try Host()
        let (mirror, base, _) = try await host.fetched(try await GitRemote())
        let tree = try await WorkTree.checkout(mirror: mirror, commit: base, at: host.workPath())
        let evil = String(repeating: "*a", count: 60) + "b"
        let name = String(repeating: "a", count: 200)
        try write(
            [".gitignore": evil + "\n" + String(repeating: "**/a*", count: 30) + "b\n", name: "x"], in: tree.directory)
        let start = ContinuousClock.now
        let commit = try #require(try await tree.snapshot(parent: base, message: "x", date: someDate).commit)
        #expect(ContinuousClock.now - start < .seconds(2))
        #expect(try await mirror.paths(at: commit).contains(name))
    }
}
