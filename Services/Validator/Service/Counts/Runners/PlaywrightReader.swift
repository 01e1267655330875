// "Running 8 tests using 2 workers" … "  1 failed", the names, "  1 skipped", "  6 passed (3.2s)"
struct PlaywrightReader: TestReader {
    private var runs = Runs()
    var counts: TestCounts? { runs.counts }

    mutating func take(_ line: OutputLine) -> Bool {
        if line.begins(with: "Running"), line.word(2, is: "test", "tests"), line.word(3, is: "using"),
            line.number(1) != nil
        {
            runs.close()
            runs.open = TestCounts()
            return true
        }
        guard runs.open != nil, line.indent == 2, let number = line.number(0) else { return false }
        switch (line.word(1), line.words.count) {
        case ("passed", 2...3):
            runs.open?.passed += number
            runs.close()
        case ("flaky", 2): runs.open?.passed += number
        case ("failed", 2), ("interrupted", 2): runs.open?.failed += number
        case ("error", _) where line.contains("not a part of any test"): runs.open?.failed += number
        case ("errors", _) where line.contains("not a part of any test"): runs.open?.failed += number
        case ("skipped", 2), ("did", 4): runs.open?.skipped += number
        default: return false
        }
        return true
    }

    mutating func end() { runs.close() }
}
