import Foundations

/// Whether a file holds tests, as far as its path tells.
package enum TestFile {
    private static let folders: Set<Substring> = ["test", "tests", "Test", "Tests", "__tests__", "spec", "specs"]
    private static let languages: Set<Substring> = [
        "js", "jsx", "ts", "tsx", "mjs", "cjs", "go", "rs", "java", "kt", "scala", "swift", "rb", "php", "pl", "sh",
        "c", "cc", "cpp", "cs", "ex", "exs", "t",
    ]
    /// Languages of code, by the ending of a name.
    private static let code: Set<Substring> = languages.subtracting(["t"]).union([
        "py", "vue", "svelte", "lua", "hs", "ml", "clj", "dart", "jl", "r", "R", "m", "mm", "h", "hpp", "fs", "erl",
        "groovy", "bash",
    ])
    /// Code that only describes a project.
    private static let manifests: Set<Substring> = [
        "Package.swift", "setup.py", "noxfile.py", "gulpfile.js", "Gruntfile.js", "build.rs", "mix.exs",
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

    /// Whether `path` is a file of tests, or what only tests make use of.
    package static func belongsToTests(_ path: String) -> Bool {
        let parts = path.split(separator: "/")
        return isTest(path) || parts.last == "conftest.py" || parts.dropLast().contains { folders.contains($0) }
    }

    /// Whether `path` looks like code that tests can test: not what describes a project, and not what others wrote.
    package static func isTestable(_ path: String) -> Bool {
        let parts = path.split(separator: "/")
        guard let name = parts.last, let dot = name.lastIndex(of: "."), dot > name.startIndex else { return false }
        let language = name[name.index(after: dot)...]
        return code.contains(language) && !belongsToTests(path) && !ForeignFolders.hold(path)
            && parts.first != "docs" && !manifests.contains(name)
            && !name[..<dot].hasSuffix(".config") && !name[..<dot].hasSuffix(".d")
    }

    /// Whether files like `path` hold their tests beside what these test.
    package static func mayHoldTests(_ path: String) -> Bool { path.hasSuffix(".rs") }
}
