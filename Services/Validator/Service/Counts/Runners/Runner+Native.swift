// C and C++, and Zig.
extension Runner {
    static let native = [
        Runner("ctest") { CTestReader() },
        Runner("meson") { MesonReader() },
        Runner("googletest", line: googleTest),
        Runner("catch2", line: catch2),
        Runner("boost") { BoostReader() },
        Runner("qtest", line: qtest),
        Runner("criterion", line: criterion),
        Runner("check", line: check),
        Runner("unity", line: unity),
        Runner("cpputest", line: cppUTest),
        Runner("cunit", line: cUnit),
        Runner("cppunit", line: cppUnit),
        Runner("zig", line: zig),
    ]

    // "[  PASSED  ] 4 tests.", "[  FAILED  ] 1 test, listed below:", a line each. cmocka says "1 test(s)".
    private static func googleTest(_ line: OutputLine) -> TestCounts? {
        guard line.begins(with: "["), line.word(2, is: "]"),
            let place = line.words.firstIndex(where: {
                $0.utf8.starts(with: "test".utf8) && $0.utf8.last != UInt8(ascii: ":")
            }),
            let number = line.number(place - 1)
        else { return nil }
        switch line.words[1] {
        case "PASSED": return TestCounts(passed: number)
        case "FAILED": return TestCounts(failed: number)
        case "SKIPPED": return TestCounts(skipped: number)
        default: return nil
        }
    }

    // "test cases: 5 | 3 passed | 1 failed | 1 skipped", or "All tests passed (12 assertions in 5 test cases)". What
    // doctest skips was left out by a filter.
    private static func catch2(_ line: OutputLine) -> TestCounts? {
        if line.starts(with: "All tests passed ("), line.contains(" assertion") {
            return line.count(before: "test").map { TestCounts(passed: $0) }
        }
        if line.begins(with: "No", "tests", "ran"), line.words.count == 3 { return TestCounts() }
        guard line.starts(with: "test cases:") || line.starts(with: "[doctest] test cases:"),
            let place = line.end(of: "cases:"), let total = line.number(place), line.word(place + 1, is: "|")
        else { return nil }
        let passed = line.count(before: "passed") ?? 0
        let failed = line.count(before: "failed") ?? 0
        let isExpected = line.contains("failed as expected") && !line.starts(with: "[")
        let skipped = line.starts(with: "[") ? 0 : line.count(before: "skipped") ?? 0
        return TestCounts(
            passed: passed, failed: failed, skipped: isExpected ? max(0, total - passed - failed) : skipped)
    }

    // "Totals: 5 passed, 1 failed, 0 skipped, 0 blacklisted, 3ms"
    private static func qtest(_ line: OutputLine) -> TestCounts? {
        guard line.begins(with: "Totals:"), let passed = line.count(before: "passed"),
            let failed = line.count(before: "failed")
        else { return nil }
        return TestCounts(passed: passed, failed: failed, skipped: line.count(before: "skipped", "blacklisted") ?? 0)
    }

    // "[====] Synthesis: Tested: 5 | Passing: 4 | Failing: 1 | Crashing: 0"
    private static func criterion(_ line: OutputLine) -> TestCounts? {
        guard line.end(of: "Synthesis:", "Tested:") != nil, let total = line.count(after: "Tested:"),
            let passed = line.count(after: "Passing:")
        else { return nil }
        return TestCounts(passed: passed, failed: max(0, total - passed))
    }

    // "80%: Checks: 5, Failures: 1, Errors: 0"
    private static func check(_ line: OutputLine) -> TestCounts? {
        guard line.word(1, is: "Checks:"), let total = line.number(2), let failed = line.count(after: "Failures:"),
            let errors = line.count(after: "Errors:")
        else { return nil }
        return TestCounts(total: total, failures: failed + errors, skipped: 0)
    }

    // "5 Tests 1 Failures 0 Ignored"
    private static func unity(_ line: OutputLine) -> TestCounts? {
        guard line.words.count == 6, line.word(1, is: "Tests"), line.word(3, is: "Failures"),
            line.word(5, is: "Ignored"),
            let total = line.number(0), let failed = line.number(2), let skipped = line.number(4)
        else { return nil }
        return TestCounts(total: total, failures: failed, skipped: skipped)
    }

    // "OK (5 tests, 4 ran, 10 checks, 1 ignored, 0 filtered out, 1 ms)", "Errors (1 failures, 5 tests, …"
    private static func cppUTest(_ line: OutputLine) -> TestCounts? {
        guard line.begins(with: "OK") || line.begins(with: "Errors"), line.count(before: "checks") != nil,
            let ran = line.count(before: "ran")
        else { return nil }
        return TestCounts(
            total: ran, failures: line.count(before: "failures") ?? 0, skipped: 0)
            + TestCounts(skipped: line.count(before: "ignored") ?? 0)
    }

    // "               tests      3      3      2      1        0" below "Type  Total    Ran Passed Failed Inactive"
    private static func cUnit(_ line: OutputLine) -> TestCounts? {
        guard line.words.count == 6, line.words[0] == "tests", line.number(1) != nil, line.number(2) != nil,
            let passed = line.number(3), let failed = line.number(4), let inactive = line.number(5)
        else { return nil }
        return TestCounts(passed: passed, failed: failed, skipped: inactive)
    }

    // "Run:  5   Failures: 1   Errors: 0"; where all is well it is like many
    private static func cppUnit(_ line: OutputLine) -> TestCounts? {
        guard line.begins(with: "Run:"), let total = line.number(1), let failed = line.count(after: "Failures:"),
            let errors = line.count(after: "Errors:")
        else { return nil }
        return TestCounts(total: total, failures: failed + errors, skipped: 0)
    }

    // "Build Summary: 3/5 steps succeeded; 1 failed; 2/3 tests passed; 1 failed". `zig test` itself is like many.
    private static func zig(_ line: OutputLine) -> TestCounts? {
        guard line.begins(with: "Build", "Summary:"), let place = line.end(of: "tests", "passed"),
            let parts = line.word(place - 3)?.split(separator: "/"), parts.count == 2,
            let passed = OutputLine.number(parts[0]), let total = OutputLine.number(parts[1])
        else { return nil }
        let skipped = line.words[place...].firstIndex(of: "skipped").flatMap { line.number($0 - 1) } ?? 0
        return TestCounts(passed: passed, failed: max(0, total - passed - skipped), skipped: skipped)
    }
}
