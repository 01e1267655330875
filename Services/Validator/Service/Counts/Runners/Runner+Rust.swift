extension Runner {
    static let rust = [
        // Foundry's forge sums up once more.
        Runner(
            "cargo", line: cargo,
            besides: { $0.begins(with: "Ran") && $0.contains(" test suite") && $0.contains(" total tests)") }),
        Runner("nextest", line: nextest),
    ]

    // "test result: ok. 5 passed; 0 failed; 0 ignored; 0 measured; …", once per binary; forge says "Suite result:".
    private static func cargo(_ line: OutputLine) -> TestCounts? {
        guard line.begins(with: "test", "result:") || line.begins(with: "Suite", "result:"),
            let passed = line.count(before: "passed"), let failed = line.count(before: "failed")
        else { return nil }
        return TestCounts(
            passed: passed, failed: failed, skipped: line.count(before: "ignored", "skipped") ?? 0)
    }

    // "Summary [   0.012s] 5 tests run: 3 passed (1 slow), 1 failed, 1 timed out, 2 skipped"
    private static func nextest(_ line: OutputLine) -> TestCounts? {
        guard line.begins(with: "Summary"), let place = line.end(of: "run:"), line.contains("] ") else { return nil }
        let timedOut = line.end(of: "timed", "out").flatMap { line.number($0 - 3) } ?? 0
        let notStarted = line.end(of: "exec", "failed").flatMap { line.number($0 - 3) } ?? 0
        let failed = line.words[place...].indices.first { line.words[$0] == "failed" && line.number($0 - 1) != nil }
        return TestCounts(
            passed: line.count(before: "passed") ?? 0,
            failed: (failed.flatMap { line.number($0 - 1) } ?? 0) + timedOut + notStarted,
            skipped: line.count(before: "skipped") ?? 0)
    }
}
