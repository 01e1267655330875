// "Running 5 test cases...", "a.cpp(3): error: in "suite/adds": …", and in the end "*** No errors detected" or
// "*** 2 failures are detected in the test module "Master Test Suite"", which counts checks and not tests.
struct BoostReader: TestReader {
    private var total: Int?
    private var failing: Set<Substring> = []
    private(set) var counts: TestCounts?

    mutating func take(_ line: OutputLine) -> Bool {
        if line.begins(with: "Running"), line.word(2, is: "test"), line.word(3)?.hasPrefix("case") == true {
            total = line.number(1)
        } else if total != nil, let place = line.range(of: "error: in \"") {
            failing.insert(line.text[place.upperBound...].prefix { $0 != "\"" })
        } else if let total, line.starts(with: "*** "),
            line.contains("No errors detected") || line.contains(" detected in the test module")
        {
            counts = TestCounts.sum([counts, TestCounts(total: total, failures: min(total, failing.count), skipped: 0)])
            (self.total, failing) = (nil, [])
        } else {
            return false
        }
        return true
    }
}
