extension Runner {
    static let dotnet = [
        Runner("vstest", line: vstest),
        Runner("dotnet") { DotNetReader() },
        Runner("pester", line: pester),
    ]

    // "Passed!  - Failed:     0, Passed:     3, Skipped:     0, Total:     3, Duration: 4 ms - A.dll", or with its new
    // logger "Test summary: total: 3, failed: 0, succeeded: 3, skipped: 0, duration: 1.2s"
    private static func vstest(_ line: OutputLine) -> TestCounts? {
        if line.begins(with: "Passed", "-") || line.begins(with: "Failed", "-") || line.begins(with: "Skipped", "-"),
            line.count(after: "Total:") != nil, let passed = line.count(after: "Passed:")
        {
            return TestCounts(
                passed: passed, failed: line.count(after: "Failed:") ?? 0, skipped: line.count(after: "Skipped:") ?? 0)
        }
        // Those of NUnit and of xUnit.net by themselves.
        if line.begins(with: "Test", "Count:"), let passed = line.count(after: "Passed:") {
            return TestCounts(
                passed: passed, failed: line.count(after: "Failed:") ?? 0,
                skipped: line.count(after: "Skipped:", "Inconclusive:") ?? 0)
        }
        if let total = line.count(after: "Total:"), let errors = line.count(after: "Errors:"),
            let failed = line.count(after: "Failed:"), line.contains(" Time: ")
        {
            let skipped = line.count(after: "Skipped:") ?? 0
            return TestCounts(total: total, failures: failed, skipped: skipped)
                + TestCounts(failed: errors, errors: errors)
        }
        guard line.begins(with: "Test", "summary:"), let passed = line.count(after: "succeeded:") else { return nil }
        return TestCounts(
            passed: passed, failed: line.count(after: "failed:") ?? 0, skipped: line.count(after: "skipped:") ?? 0)
    }

    // "Tests Passed: 5, Failed: 1, Skipped: 0, Inconclusive: 0, NotRun: 0"
    private static func pester(_ line: OutputLine) -> TestCounts? {
        guard line.begins(with: "Tests", "Passed:"), let passed = line.number(2),
            let failed = line.count(after: "Failed:")
        else { return nil }
        return TestCounts(
            passed: passed, failed: failed, skipped: line.count(after: "Skipped:", "Inconclusive:", "Pending:") ?? 0)
    }
}
