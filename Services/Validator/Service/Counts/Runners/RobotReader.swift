// "5 tests, 4 passed, 1 failed", for each suite, each of which counts those within: the one before "Output:  …" is of
// the run.
struct RobotReader: TestReader {
    private var runs = Runs()
    private var isBelowVerdict = false
    var counts: TestCounts? { runs.counts }

    mutating func take(_ line: OutputLine) -> Bool {
        let isBelowVerdict = isBelowVerdict
        self.isBelowVerdict = [" | PASS |", " | FAIL |", " | SKIP |"].contains(where: line.ends)
        if line.begins(with: "Output:"), line.words.count == 2, runs.open != nil {
            runs.close()
            return true
        }
        guard isBelowVerdict, line.number(0) != nil, line.word(1, is: "test", "tests"),
            let passed = line.count(before: "passed"), let failed = line.count(before: "failed")
        else { return false }
        runs.open = TestCounts(passed: passed, failed: failed, skipped: line.count(before: "skipped") ?? 0)
        return true
    }

    // Without files of output the last line is of the run.
    mutating func end() { runs.close() }
}
