import Foundation
import Foundations
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(2)))
struct `Rules of large files` {
    private static let patterns = [
        "*.dat", "*", "a/*.dat", "/b.dat", "**/x", "a/**", "*.bin", "x?", "[ab].dat", "a", "a/", "\"b.dat\"", "!x",
        "b.*", "x[[:space:]]y.dat", "\"x y.dat\"", "[[:alpha:]].dat", "[^[:digit:][:upper:]]*", "*.D[aA]T",
        "[[:none:]]x",
    ]
    private static let attributes = [
        "filter=lfs", "filter=lfs diff=lfs merge=lfs -text", "-filter", "!filter", "filter=other", "text",
        "-text filter",
        "large",
    ]

    @Test func `agree with git on random attributes and paths`() async throws {
        var random = SeededNumbers(seed: 7)
        let folder = try TemporaryFolder("attributes")
        try await Program.run(["git", "init", "--quiet", folder.path])
        let names = ["a", "b", "x", "b.dat", "a.dat", "x.bin", "xy", "x y.dat", "1.dat", "B.DAT"]
        let paths = (0..<40).map { _ in
            (0..<Int.random(in: 1...3, using: &random)).map { _ in names.randomElement(using: &random) ?? "a" }
                .joined(separator: "/")
        }
        for round in 0..<60 {
            func lines() -> String {
                (0..<Int.random(in: 1...4, using: &random)).map { _ in
                    (Self.patterns.randomElement(using: &random) ?? "*") + " "
                        + (Self.attributes.randomElement(using: &random) ?? "text") + "\n"
                }.joined()
            }
            let (root, below) = ("[attr]large filter=lfs -text\n" + lines(), lines())
            try folder.write(".gitattributes", root)
            try folder.write("a/.gitattributes", below)
            let told = try await Program.run(
                ["git", "-C", folder.path, "check-attr", "filter", "--"] + paths,
                environment: ["GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"])
            let expected = told.split(separator: "\n").map { $0.hasSuffix(": filter: lfs") }
            let above = LargeFileRules(root.utf8, parent: nil, prefix: 0)
            let deep = LargeFileRules(below.utf8, parent: above, prefix: 2)
            let found = paths.map { ($0.hasPrefix("a/") ? deep : above).tracks($0.utf8) }
            #expect(found == expected, "\(round): \(root)|\(below)")
        }
    }
}
