/// Whether a file holds tests, as far as its path tells.
package enum TestFile {
    private static let folders: Set<Substring> = ["test", "tests", "Test", "Tests", "__tests__", "spec", "specs"]
    private static let languages: Set<Substring> = [
        "js", "jsx", "ts", "tsx", "mjs", "cjs", "go", "rs", "java", "kt", "scala", "swift", "rb", "php", "pl", "sh",
        "c", "cc", "cpp", "cs", "ex", "exs", "t",
    ]

    /// Whether `path` looks like a file of tests.
    package static func isTest(_ path: String) -> Bool {
        let parts = path.split(separator: "/")
        guard let name = parts.last, let dot = name.lastIndex(of: "."), dot > name.startIndex else { return false }
        let (stem, language) = (name[..<dot], name[name.index(after: dot)...])
        if language == "py" { return stem.hasPrefix("test") || stem.hasSuffix("_test") }
        guard languages.contains(language) else { return false }
        return parts.dropLast().contains { folders.contains($0) } || stem.hasSuffix(".test") || stem.hasSuffix(".spec")
            || stem.hasSuffix("_test") || stem.hasSuffix("_spec") || stem.hasSuffix("Test") || stem.hasSuffix("Tests")
    }
}
