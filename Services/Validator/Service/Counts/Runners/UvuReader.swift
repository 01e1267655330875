// "  Total:     3", "  Passed:    2", "  Skipped:   1"
struct UvuReader: TestReader {
    private var total: Int?
    private var passed: Int?
    private(set) var counts: TestCounts?

    mutating func take(_ line: OutputLine) -> Bool {
        guard line.words.count == 2, line.indent == 2, let number = line.number(1) else { return false }
        switch line.words[0] {
        case "Total:": total = number
        case "Passed:" where total != nil: passed = number
        case "Skipped:":
            guard let total, let passed else { return false }
            let run = TestCounts(passed: passed, failed: max(0, total - passed - number), skipped: number)
            counts = TestCounts.sum([counts, run])
            (self.total, self.passed) = (nil, nil)
        default: return false
        }
        return true
    }
}
