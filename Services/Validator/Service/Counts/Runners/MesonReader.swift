// "Ok:                 3", "Fail:               1" and so on, a line each
struct MesonReader: TestReader {
    private var runs = Runs()
    var counts: TestCounts? { runs.counts }

    mutating func take(_ line: OutputLine) -> Bool {
        guard (2...3).contains(line.words.count), let number = line.number(line.words.count - 1) else {
            runs.close()
            return false
        }
        if line.begins(with: "Ok:") {
            runs.close()
            runs.open = TestCounts(passed: number)
            return true
        }
        guard runs.open != nil else { return false }
        switch line.words.dropLast().joined(separator: " ") {
        case "Fail:", "Unexpected Pass:", "Timeout:": runs.open?.failed += number
        case "Expected Fail:", "Skipped:", "Ignored:": runs.open?.skipped += number
        default: return false
        }
        return true
    }

    mutating func end() { runs.close() }
}
