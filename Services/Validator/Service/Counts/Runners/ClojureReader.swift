// "Ran 3 tests containing 5 assertions.", then "1 failures, 0 errors.", which counts checks: the tests that failed are
// told by "FAIL in (adds) (a_test.clj:5)".
struct ClojureReader: TestReader {
    private var total: Int?
    private var failing: Set<Substring> = []
    private(set) var counts: TestCounts?

    mutating func take(_ line: OutputLine) -> Bool {
        if line.starts(with: "FAIL in (") || line.starts(with: "ERROR in (") {
            failing.insert(line.words.dropFirst(2).first ?? "")
        } else if line.begins(with: "Ran"), line.word(2, is: "tests", "test"), line.word(3, is: "containing") {
            total = line.number(1)
        } else if let total, let failures = line.count(before: "failures", "failure"),
            let errors = line.count(before: "errors", "error"), line.words.count == 4
        {
            let failed = failing.isEmpty ? failures + errors : min(failing.count, failures + errors)
            counts = TestCounts.sum([counts, TestCounts(total: total, failures: min(total, failed), skipped: 0)])
            (self.total, failing) = (nil, [])
        } else {
            return false
        }
        return true
    }
}
