/// Whether a file holds tests, and how many, as far as its path and its text tell.
///
/// Counting tests that really ran says more; this is for what nobody counts, and to name files.
package enum TestFile {
    private static let folders: Set<Substring> = ["test", "tests", "Test", "Tests", "__tests__", "spec", "specs"]
    private static let languages: Set<Substring> = [
        "js", "jsx", "ts", "tsx", "mjs", "cjs", "go", "rs", "java", "kt", "scala", "swift", "rb", "php", "pl", "sh",
        "c", "cc", "cpp", "cs", "ex", "exs", "t",
    ]
    private static let tests = [
        "def test", "func test", "@Test", "func Test", "#[test]", "#[tokio::test]", "void test", "test(", "it(",
        "@test",
    ]
    private static let checks = [
        "assert", "Assert", "expect(", "#expect", "#require", "should", "t.Error", "t.Fatal", "fail(",
    ]
    private static let skips = [
        "unittest.skip", "mark.skip", "mark.xfail", "skipTest(", "pytest.skip(", ".skip(", "xit(", "xdescribe(",
        "t.Skip(", "t.SkipNow(", "#[ignore", "XCTSkip", ".disabled(", "@Disabled", "@Ignore",
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

    /// About how many tests `text` declares.
    static func tests(in text: String) -> Int { count(tests, in: text) }

    /// About how many things `text` checks.
    static func checks(in text: String) -> Int { count(checks, in: text) }

    /// About how many tests `text` skips.
    static func skips(in text: String) -> Int { count(skips, in: text) }

    private static func count(_ words: [String], in text: String) -> Int {
        words.reduce(0) { $0 + occurrences(of: Array($1.utf8), in: Array(text.utf8)) }
    }

    private static func occurrences(of word: [UInt8], in text: [UInt8]) -> Int {
        guard let first = word.first, text.count >= word.count else { return 0 }
        return (0...(text.count - word.count)).count { start in
            text[start] == first && text[start...].starts(with: word)
        }
    }
}
