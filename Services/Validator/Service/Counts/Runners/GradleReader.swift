// "5 tests completed, 1 failed, 1 skipped", which is said only where one failed, or "ATest > adds() PASSED" for each,
// which is said only where the build asks for it. Else nothing of tests is said, and the reports tell. A plugin sums up
// before Gradle does: "FAILURE: Executed 5 tests in 1.2s (1 failed, 1 skipped)".
struct GradleReader: TestReader {
    private var found = TestCounts()
    /// Whether what Gradle sums up next was summed up already.
    private var isSummed = false
    private(set) var counts: TestCounts?

    mutating func take(_ line: OutputLine) -> Bool {
        if line.word(0, is: "SUCCESS:", "FAILURE:"), line.word(1, is: "Executed"), line.word(3, is: "test", "tests"),
            let total = line.number(2)
        {
            add(total, line)
            isSummed = true
            return true
        }
        if line.word(1, is: "test", "tests"), line.word(2, is: "completed"), let total = line.number(0) {
            if !isSummed { add(total, line) }
            isSummed = false
            return true
        }
        if line.starts(with: "> Task ") || line.starts(with: "BUILD ") {
            close()
            return true
        }
        guard line.contains(" > "), line.indent == 0 else { return false }
        switch line.words.last {
        case "PASSED": found.passed += 1
        case "FAILED": found.failed += 1
        case "SKIPPED": found.skipped += 1
        default: return false
        }
        return true
    }

    mutating func end() { close() }

    private mutating func add(_ total: Int, _ line: OutputLine) {
        let (failed, skipped) = (line.count(before: "failed") ?? 0, line.count(before: "skipped") ?? 0)
        counts = TestCounts.sum([counts, TestCounts(total: total, failures: failed, skipped: skipped)])
        found = TestCounts()
    }

    /// Failures alone are told anyway.
    private mutating func close() {
        if found.passed > 0 { counts = TestCounts.sum([counts, found]) }
        (found, isSummed) = (TestCounts(), false)
    }
}
