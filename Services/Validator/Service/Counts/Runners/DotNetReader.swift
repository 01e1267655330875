// "Total tests: 5", "     Passed: 4", "     Failed: 1" of the older one; "Test run summary: Failed!", "  total: 5",
// "  failed: 1", "  succeeded: 4", "  skipped: 0" of the newer one.
struct DotNetReader: TestReader {
    private var runs = Runs()
    /// The tests that the sums do not tell of yet.
    private var isNew = false
    var counts: TestCounts? { runs.counts }

    mutating func take(_ line: OutputLine) -> Bool {
        if line.begins(with: "Total", "tests:"), let total = line.number(2) {
            open(isNew: false)
            // "Total tests: 5. Passed: 4. Failed: 1. Skipped: 0."
            if let passed = line.count(after: "Passed:") {
                let failed = line.count(after: "Failed:") ?? 0
                runs.open = TestCounts(passed: passed, failed: failed, skipped: line.count(after: "Skipped:") ?? 0)
            } else if total == 0 {
                runs.close()
            }
            return true
        }
        if line.begins(with: "Test", "run", "summary:") {
            open(isNew: true)
            return true
        }
        guard runs.open != nil, line.words.count == 2, line.indent > 0, let number = line.number(1) else {
            return false
        }
        switch line.words[0] {
        case "Passed:" where !isNew, "succeeded:" where isNew: runs.open?.passed += number
        case "Failed:" where !isNew, "failed:" where isNew: runs.open?.failed += number
        case "Skipped:" where !isNew, "skipped:" where isNew: runs.open?.skipped += number
        case "total:" where isNew: break
        default: return false
        }
        return true
    }

    mutating func end() { runs.close() }

    private mutating func open(isNew: Bool) {
        runs.close()
        runs.open = TestCounts()
        self.isNew = isNew
    }
}
