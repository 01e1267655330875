// "12 passing (30ms)", and where there are any "1 pending" and "2 failing", once per run. Cypress and Hardhat, too.
struct MochaReader: TestReader {
    private var runs = Runs()
    var counts: TestCounts? { runs.counts }

    mutating func take(_ line: OutputLine) -> Bool {
        guard let number = line.number(0) else {
            runs.close()
            return false
        }
        if line.word(1, is: "passing"), line.words.count == 3, line.ends(with: ")") {
            runs.close()
            runs.open = TestCounts(passed: number)
            return true
        }
        guard runs.open != nil, line.words.count == 2 else { return false }
        switch line.words[1] {
        case "pending": runs.open?.skipped += number
        case "failing": runs.open?.failed += number
        default: return false
        }
        return true
    }

    mutating func end() { runs.close() }
}
