extension Runner {
    static let python = [
        Runner("pytest") { PytestReader() },
        Runner("unittest") { UnittestReader() },
        Runner("stestr") { StestrReader() },
        Runner("robot") { RobotReader() },
        Runner("behave", line: behave),
    ]

    // "3 scenarios passed, 1 failed, 0 skipped, 0 undefined"
    private static func behave(_ line: OutputLine) -> TestCounts? {
        guard line.number(0) != nil, line.word(1, is: "scenario", "scenarios"), let passed = line.number(0),
            line.word(2, is: "passed")
        else { return nil }
        return TestCounts(
            passed: passed, failed: line.count(before: "failed", "error", "errored", "undefined") ?? 0,
            skipped: line.count(before: "skipped", "untested") ?? 0)
    }
}
