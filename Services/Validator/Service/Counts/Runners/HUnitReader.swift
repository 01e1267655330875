// HUnit's "Cases: 5  Tried: 5  Errors: 0  Failures: 1"; OUnit's "Ran: 5 tests in: 0.11 seconds.", and then "OK" or
// "FAILED: Cases: 5 Tried: 5 Errors: 0 Failures: 1 Skip: 0 Todo: 0 Timeouts: 0."
struct HUnitReader: TestReader {
    private var runs = Runs()
    var counts: TestCounts? { runs.counts }

    mutating func take(_ line: OutputLine) -> Bool {
        if line.begins(with: "Ran:"), line.word(2, is: "tests", "test"), line.word(3, is: "in:"),
            let total = line.number(1)
        {
            runs.close()
            runs.open = TestCounts(passed: total)
            return true
        }
        guard let total = line.count(after: "Cases:", "Examples:"), let tried = line.count(after: "Tried:"),
            line.begins(with: "Cases:") || line.begins(with: "FAILED:", "Cases:") || line.begins(with: "Examples:")
        else { return false }
        if line.begins(with: "FAILED:") { runs.open = nil } else { runs.close() }
        let failed = line.count(after: "Errors:", "Failures:", "Timeouts:") ?? 0
        runs.add(
            TestCounts(
                total: total, failures: failed, skipped: max(total - tried, line.count(after: "Skip:", "Todo:") ?? 0)))
        return true
    }

    mutating func end() { runs.close() }
}
