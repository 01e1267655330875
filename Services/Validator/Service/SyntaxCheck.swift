/// Checks the syntax of changed files where a repository has no tests. A new language is a row.
package enum SyntaxCheck {
    private static let rows: [(suffix: String, program: String, arguments: [String])] = [
        (".py", "python3", ["-m", "py_compile"]),
        (".js", "node", ["--check"]),
        (".mjs", "node", ["--check"]),
        (".sh", "bash", ["-n"]),
        (".swift", "swiftc", ["-frontend", "-parse"]),
        (".go", "gofmt", ["-l"]),
        (".rb", "ruby", ["-c"]),
        (".pl", "perl", ["-c"]),
        (".php", "php", ["-l"]),
        (".json", "python3", ["-m", "json.tool"]),
    ]

    /// One command for each changed file whose language has a row: an argument vector, never a shell's text.
    package static func commands(changed paths: [String]) -> [(program: String, arguments: [String])] {
        paths.sorted().compactMap { path in
            guard let row = rows.first(where: { path.hasSuffix($0.suffix) }) else { return nil }
            return (row.program, [row.program] + row.arguments + ["./\(path)"])
        }
    }
}
