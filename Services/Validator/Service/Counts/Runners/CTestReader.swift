// "67% tests passed, 1 tests failed out of 3". What a test of it prints in between counts no tests of ours.
struct CTestReader: TestReader {
    private var runs = Runs()
    private(set) var isInside = false
    var counts: TestCounts? { runs.counts }

    mutating func take(_ line: OutputLine) -> Bool {
        if line.starts(with: "Test project /") {
            runs.close()
            isInside = true
            return true
        }
        if line.starts(with: "No tests were found!!!") {
            runs.add(TestCounts())
            isInside = false
            return true
        }
        if line.word(1, is: "tests"), line.word(2, is: "passed"), line.word(0)?.utf8.last == UInt8(ascii: "%"),
            let failed = line.number(3), let total = line.count(after: "of")
        {
            runs.close()
            runs.open = TestCounts(total: total, failures: failed, skipped: 0)
            isInside = false
            return true
        }
        // Those that skip themselves are among those that passed: "	  3 - name (Skipped)"
        if runs.open.map({ $0.passed > 0 }) == true, line.number(0) != nil, line.word(1, is: "-"),
            line.ends(with: " (Skipped)")
        {
            runs.open?.passed -= 1
            runs.open?.skipped += 1
            return true
        }
        return isInside
    }

    mutating func end() { runs.close() }
}
