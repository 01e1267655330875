/// How many tests passed, failed and were skipped, read from what test runners print.
package struct TestCounts: Sendable, Hashable {
    package var passed: Int
    package var failed: Int
    package var skipped: Int
    /// Of those that failed, what is no test: what comes before or after one, or a file that cannot be read.
    package var errors: Int

    /// The tests that ran.
    package var ran: Int { passed + failed - errors }

    package init(passed: Int = 0, failed: Int = 0, skipped: Int = 0, errors: Int = 0) {
        self.passed = passed
        self.failed = failed
        self.skipped = skipped
        self.errors = errors
    }

    /// The counts of a runner that tells how many there were in all. One test may fail more than once.
    init(total: Int, failures: Int, skipped: Int) {
        let ran = max(0, total - skipped)
        let failed = min(ran, failures)
        self.init(passed: ran - failed, failed: failed, skipped: skipped)
    }

    /// The counts in a command's output; `nil` where no runner's count is understood.
    ///
    /// Takes time in proportion to the length, whatever the output holds. Blocking: a command chooses how long it is.
    package init?(parsing output: String) {
        guard let counts = TestSummary(reading: output).counts else { return nil }
        self = counts
    }

    package static func + (one: TestCounts, other: TestCounts) -> TestCounts {
        TestCounts(
            passed: one.passed + other.passed, failed: one.failed + other.failed, skipped: one.skipped + other.skipped,
            errors: one.errors + other.errors)
    }

    /// The sum, where a count that is not understood adds nothing.
    static func sum(_ counts: some Sequence<TestCounts?>) -> TestCounts? {
        counts.reduce(nil) { sum, counts in
            guard let counts else { return sum }
            return sum.map { $0 + counts } ?? counts
        }
    }
}
