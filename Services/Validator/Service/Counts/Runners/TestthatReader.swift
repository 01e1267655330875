// R's "[ FAIL 1 | WARN 0 | SKIP 1 | PASS 5 ]", drawn again and again; some reporters say it once more below headings.
struct TestthatReader: TestReader {
    private var runs = Runs()
    private var hasHeading = false
    var counts: TestCounts? { runs.counts }

    mutating func take(_ line: OutputLine) -> Bool {
        if line.starts(with: "══ ") {
            hasHeading = true
            return true
        }
        guard line.begins(with: "[", "FAIL"), line.word(line.words.count - 1, is: "]"),
            let failed = line.count(after: "FAIL"), let passed = line.count(after: "PASS"),
            let skipped = line.count(after: "SKIP")
        else { return false }
        let run = TestCounts(passed: passed, failed: failed, skipped: skipped)
        if hasHeading, run == runs.open {
            runs.close()
        } else {
            runs.close()
            runs.open = run.ran + run.skipped > 0 ? run : nil
        }
        hasHeading = false
        return true
    }

    mutating func end() { runs.close() }
}
