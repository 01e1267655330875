// "[INFO] Tests run: 5, Failures: 1, Errors: 0, Skipped: 0", once per module; that of a class tells its time, too, and
// counts where no sum follows, as with Ant.
struct MavenReader: TestReader {
    private var runs = Runs()
    var counts: TestCounts? { runs.counts }

    mutating func take(_ line: OutputLine) -> Bool {
        guard let place = line.end(of: "Tests", "run:"), place <= 3, let total = line.number(place),
            let failures = line.count(after: "Failures:")
        else { return false }
        let run = TestCounts(
            total: total, failures: failures + (line.count(after: "Errors:") ?? 0),
            skipped: line.count(after: "Skipped:") ?? 0)
        if line.begins(with: "[junit]") {
            runs.add(run)
        } else if line.end(of: "Time", "elapsed:") != nil {
            runs.open = TestCounts.sum([runs.open, run])
        } else {
            runs.open = nil
            runs.add(run)
        }
        return true
    }

    mutating func end() { runs.close() }
}
