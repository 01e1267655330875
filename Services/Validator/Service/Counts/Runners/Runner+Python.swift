extension Runner {
    static let python = [
        Runner("pytest") { PytestReader() },
        Runner("unittest") { UnittestReader() },
        Runner("stestr") { StestrReader() },
        Runner("robot") { RobotReader() },
        Runner("behave", line: behave),
        Runner("zope", line: zope),
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

    // "Ran 5 tests with 1 failures, 0 errors and 1 skipped in 0.012 seconds.", once per layer
    private static func zope(_ line: OutputLine) -> TestCounts? {
        guard line.begins(with: "Ran"), let total = line.number(1), line.word(2, is: "tests"),
            line.word(3, is: "with"), let failures = line.count(before: "failures")
        else { return nil }
        return TestCounts(
            total: total, failures: failures + (line.count(before: "errors") ?? 0),
            skipped: line.count(before: "skipped") ?? 0)
    }
}
