// " 3 pass", " 1 fail", " 1 skip", and then "Ran 5 tests across 2 files. [12.00ms]"
struct BunReader: TestReader {
    private var found = TestCounts()
    private(set) var counts: TestCounts?

    mutating func take(_ line: OutputLine) -> Bool {
        if line.begins(with: "Ran"), line.word(2, is: "test", "tests"), line.word(3, is: "across") {
            counts = TestCounts.sum([counts, found])
            found = TestCounts()
            return true
        }
        guard line.indent == 1, line.words.count == 2, let number = line.number(0) else { return false }
        switch line.words[1] {
        case "pass": found.passed += number
        case "fail", "error", "errors": found.failed += number
        case "skip", "todo": found.skipped += number
        default: return false
        }
        return true
    }
}
