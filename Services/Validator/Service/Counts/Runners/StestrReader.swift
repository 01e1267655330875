// "Ran: 5 tests in 1.0000 sec.", then " - Passed: 4", " - Failed: 1" and so on
struct StestrReader: TestReader {
    private var runs = Runs()
    var counts: TestCounts? { runs.counts }

    mutating func take(_ line: OutputLine) -> Bool {
        if line.begins(with: "Ran:"), line.word(2, is: "tests"), line.word(5, is: "sec") {
            runs.close()
            runs.open = TestCounts()
            return true
        }
        guard runs.open != nil, line.begins(with: "-"), let number = line.number(line.words.count - 1) else {
            return false
        }
        switch line.words.dropFirst().dropLast().joined(separator: " ") {
        case "Passed:": runs.open?.passed += number
        case "Failed:", "Unexpected Success:": runs.open?.failed += number
        case "Skipped:", "Expected Fail:": runs.open?.skipped += number
        default: return false
        }
        return true
    }

    mutating func end() { runs.close() }
}
