// "Test Summary: | Pass  Fail  Broken  Total  Time", and in the next line "arithmetic    |    3     1       1      5  0.1s".
// The lines below it tell of parts.
struct JuliaReader: TestReader {
    private var columns: [Substring]?
    private(set) var counts: TestCounts?

    mutating func take(_ line: OutputLine) -> Bool {
        if line.begins(with: "Test", "Summary:"), line.word(2, is: "|") {
            columns = Array(line.words.dropFirst(3))
            return true
        }
        guard let columns else { return false }
        self.columns = nil
        guard let bar = line.words.lastIndex(of: "|") else { return false }
        let values = Dictionary(
            zip(columns, line.words[(bar + 1)...].map(OutputLine.number)), uniquingKeysWith: { one, _ in one })
        func value(_ name: Substring) -> Int { (values[name] ?? nil) ?? 0 }
        let run = TestCounts(
            passed: value("Pass"), failed: value("Fail") + value("Error"), skipped: value("Broken"))
        counts = TestCounts.sum([counts, run])
        return true
    }
}
