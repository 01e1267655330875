// "✔ Test run with 8 tests in 1 suite passed after 0.006 seconds.", or "… failed after … with 2 issues."
struct SwiftTestingReader: TestReader {
    private var found = TestCounts()
    private(set) var counts: TestCounts?

    mutating func take(_ line: OutputLine) -> Bool {
        guard let place = [0, 1].first(where: { line.word($0, is: "Test") }).map({ $0 + 1 }) else { return false }
        if line.word(place, is: "run"), line.word(place + 1, is: "with"), let total = line.number(place + 2),
            line.word(place + 3, is: "test", "tests")
        {
            counts = TestCounts.sum([counts, TestCounts(total: total, failures: found.failed, skipped: found.skipped)])
            found = TestCounts()
            return true
        }
        guard !line.word(place, is: "case", "Case", "Suite") else { return false }
        if line.end(of: "failed", "after") != nil, line.contains(" seconds") {
            found.failed += 1
        } else if line.ends(with: " skipped.") || line.contains(" skipped: \"") {
            found.skipped += 1
        } else {
            return false
        }
        return true
    }
}
