// "Executed 12 tests, with 1 test skipped and 1 failure (0 unexpected) in 0.1 seconds", for each suite, each of which
// counts those within. What sums up a run comes after "Test Suite 'All tests' passed at …" or "'Selected tests'".
struct XCTestReader: TestReader {
    private var isWithinRun = false
    /// Tests that were said to have failed: the sum counts checks.
    private var failing = 0
    private(set) var counts: TestCounts?

    mutating func take(_ line: OutputLine) -> Bool {
        if line.begins(with: "Test", "Suite"), line.text.contains("'") {
            isWithinRun = !line.word(2, is: "'All", "'Selected")
            return true
        }
        if line.begins(with: "Test", "Case"), line.contains("' failed (") { failing += 1 }
        // `swift test --parallel`: "[5/5] Testing AppTests.ATests/testB"
        if line.word(1, is: "Testing"), let place = line.word(0), place.first == "[", place.last == "]" {
            let parts = place.dropFirst().dropLast().split(separator: "/")
            guard parts.count == 2, let done = OutputLine.number(parts[0]), parts[0] == parts[1] else { return true }
            add(TestCounts(total: done, failures: failing, skipped: 0))
            return true
        }
        guard let run = executed(line) else { return false }
        if !isWithinRun { add(run) }
        return true
    }

    private mutating func add(_ run: TestCounts) {
        counts = TestCounts.sum([counts, run])
        failing = 0
    }

    private func executed(_ line: OutputLine) -> TestCounts? {
        guard let place = line.end(of: "Executed"), place <= 2, let total = line.number(place),
            line.word(place + 1, is: "test", "tests"), line.word(place + 2, is: "with"),
            let failures = line.count(before: "failure", "failures")
        else { return nil }
        let skipped = line.words.firstIndex(of: "skipped").flatMap { line.number($0 - 2) }
        let failed = failing > 0 ? min(failing, failures) : failures
        return TestCounts(total: total, failures: failed, skipped: skipped ?? 0)
    }
}
