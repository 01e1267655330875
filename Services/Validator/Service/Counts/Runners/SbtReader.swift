// sbt's "Passed: Total 5, Failed 0, Errors 0, Passed 5", which sums up where more than one framework ran, else that of
// the framework: ScalaTest's "Tests: succeeded 4, failed 1, canceled 0, ignored 1, pending 0", or JUnit's "Test run
// finished: 0 failed, 0 ignored, 1 total, 0.1s".
struct SbtReader: TestReader {
    private var runs = Runs()
    var counts: TestCounts? { runs.counts }

    mutating func take(_ line: OutputLine) -> Bool {
        if let place = line.end(of: "Total"), place <= 3, let total = line.number(place),
            let failed = line.count(after: "Failed"), let errors = line.count(after: "Errors")
        {
            let skipped = line.count(after: "Ignored", "Skipped", "Canceled", "Pending") ?? 0
            let passed = line.count(after: "Passed") ?? max(0, total - failed - errors - skipped)
            runs.open = nil
            runs.add(TestCounts(passed: passed, failed: failed + errors, skipped: skipped))
        } else if line.end(of: "Tests:", "succeeded") != nil, let passed = line.count(after: "succeeded") {
            add(
                TestCounts(
                    passed: passed, failed: line.count(after: "failed") ?? 0,
                    skipped: line.count(after: "canceled", "ignored", "pending") ?? 0))
        } else if line.end(of: "Test", "run") != nil, line.contains(" finished: "),
            let total = line.count(before: "total")
        {
            let skipped = line.count(before: "ignored") ?? 0
            add(
                TestCounts(total: total, failures: line.count(before: "failed") ?? 0, skipped: 0)
                    + TestCounts(skipped: skipped))
        } else if line.end(of: "Total", "time:") == 3 {
            runs.close()
        } else {
            return false
        }
        return true
    }

    mutating func end() { runs.close() }

    private mutating func add(_ run: TestCounts) { runs.open = TestCounts.sum([runs.open, run]) }
}
