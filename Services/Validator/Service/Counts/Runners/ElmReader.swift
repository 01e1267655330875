// "TEST RUN FAILED", "Passed:   3", "Failed:   1", "Skipped:  1"
struct ElmReader: TestReader {
    private var runs = Runs()
    var counts: TestCounts? { runs.counts }

    mutating func take(_ line: OutputLine) -> Bool {
        if line.starts(with: "TEST RUN ") {
            runs.close()
            runs.open = TestCounts()
            return true
        }
        guard runs.open != nil, line.words.count == 2, line.indent == 0, let number = line.number(1) else {
            return false
        }
        switch line.words[0] {
        case "Passed:": runs.open?.passed += number
        case "Failed:": runs.open?.failed += number
        case "Skipped:", "Todo:": runs.open?.skipped += number
        default: return false
        }
        return true
    }

    mutating func end() { runs.close() }
}
