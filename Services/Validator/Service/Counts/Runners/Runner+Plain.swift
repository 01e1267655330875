extension Runner {
    /// What else says it plainly: a line of nothing but counts, "3 passed, 1 failed", "Results: 3 passed", "3/4 tests
    /// passed", "Passed: 3, Failed: 1", "All 3 tests passed.".
    static let plain = Runner("plain", line: plainly)

    private static let things: Set<Substring> = [
        "test", "tests", "spec", "specs", "check", "checks", "case", "cases", "example", "examples", "testcases", "all",
    ]
    private static let noTests: Set<String> = [
        "assertions:", "asserts:", "suites:", "files:", "snapshot:", "snapshots:", "steps:", "features:", "checks:",
        "lint:", "build:", "charts:", "modules:", "packages:", "projects:", "[info]", "[error]", "[warn]", "[warning]",
    ]
    private static let links: Set<Substring> = [
        "and", "in", "total", "out", "of", "filtered", "ms", "s", "seconds", "Success", "Failure", "SUCCESS", "FAIL",
    ]
    private static let passed: Set<Substring> = ["passed", "pass", "passes", "passing"]
    private static let failed: Set<Substring> = ["failed", "fail", "fails", "failing", "failures", "errors", "error"]
    private static let skipped: Set<Substring> = ["skipped", "skip", "ignored", "pending", "todo", "disabled"]

    private static func plainly(_ line: OutputLine) -> TestCounts? {
        guard line.words.count <= 24, !line.words.isEmpty else { return nil }
        var words = line.words.filter(isWord)[...]
        // A word with a colon, or in brackets, may say of what: not of what tests consist of, or what consists of them.
        guard !noTests.contains(words.first?.lowercased() ?? "") else { return nil }
        if let first = words.first, isHeading(first), label(first) == nil, words.count > 1 {
            words = words.dropFirst()
        }
        return numbersFirst(words) ?? labelsFirst(words)
    }

    private static func isHeading(_ word: Substring) -> Bool {
        word.utf8.last == UInt8(ascii: ":")
            || word.utf8.first == UInt8(ascii: "[") && word.utf8.last == UInt8(ascii: "]")
    }

    /// Which count a word is the label of.
    private static func label(_ word: Substring) -> WritableKeyPath<TestCounts, Int>? {
        var word = Substring(word.lowercased())
        if word.utf8.last == UInt8(ascii: ":") { word = word.dropLast() }
        if passed.contains(word) { return \.passed }
        if failed.contains(word) { return \.failed }
        return skipped.contains(word) ? \.skipped : nil
    }

    // "3 passed, 1 failed", "3 passed, no failures", "All 3 tests passed", "3/4 tests passed", "3 of 4 passed"
    private static func numbersFirst(_ words: ArraySlice<Substring>) -> TestCounts? {
        var counts: [WritableKeyPath<TestCounts, Int>: Int] = [:]
        var (number, whole, isPart): (Int?, Int?, Bool) = (nil, nil, false)
        for word in words {
            if let label = label(word), word.utf8.last != UInt8(ascii: ":") {
                guard let value = number else { return nil }
                counts[label, default: 0] += value
                number = nil
            } else if let value = OutputLine.number(word) {
                if isPart { whole = value } else { number = value }
                isPart = false
            } else if let parts = fraction(word) {
                (number, whole) = parts
            } else if word == "of", number != nil {
                isPart = true
            } else if word == "no", !counts.isEmpty {
                number = 0
            } else if !things.contains(Substring(word.lowercased())), !links.contains(word), !isTime(word) {
                return nil
            }
        }
        let skipped = counts[\.skipped] ?? 0
        // "1/4 failed"
        let rest = counts[\.failed].flatMap { failed in whole.map { max(0, $0 - failed - skipped) } }
        guard let passed = counts[\.passed] ?? rest else { return nil }
        let failed = counts[\.failed] ?? whole.map { max(0, $0 - passed - skipped) } ?? 0
        return TestCounts(passed: passed, failed: failed, skipped: skipped)
    }

    // "Passed: 3, Failed: 1", "passed=3 failed=1"
    private static func labelsFirst(_ words: ArraySlice<Substring>) -> TestCounts? {
        var counts = TestCounts()
        var names: Set<WritableKeyPath<TestCounts, Int>> = []
        var last: WritableKeyPath<TestCounts, Int>?
        for word in words {
            if let label = label(word) {
                last = label
            } else if let value = OutputLine.number(word) {
                if let last {
                    counts[keyPath: last] += value
                    names.insert(last)
                }
                last = nil
            } else if !["total:", "total", "tests:", "tests"].contains(word.lowercased()), !isTime(word) {
                return nil
            }
        }
        return names.contains(\.passed) && names.contains(\.failed) ? counts : nil
    }

    // "3/4"
    private static func fraction(_ word: Substring) -> (Int?, Int?)? {
        let parts = word.split(separator: "/")
        guard parts.count == 2, let part = OutputLine.number(parts[0]), let whole = OutputLine.number(parts[1]),
            part <= whole
        else { return nil }
        return (part, whole)
    }

    /// Whether there is more to it than marks and bars.
    private static func isWord(_ word: Substring) -> Bool {
        word.utf8.contains { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), 48...57: true
            default: false
            }
        }
    }

    private static func isTime(_ word: Substring) -> Bool {
        guard let first = word.utf8.first, (48...57).contains(first) else { return false }
        let unit = word.utf8.drop { (48...57).contains($0) || $0 == UInt8(ascii: ".") }
        return ["s", "ms", "m", "µs", "ns"].contains { $0.utf8.elementsEqual(unit) }
    }
}
