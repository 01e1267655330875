extension Runner {
    static let javaScript = [
        // Suites and snapshots are told in the same way, and by Kotest, which writes like it, specs.
        Runner(
            "jest", line: jest,
            besides: {
                ($0.begins(with: "Test", "Suites:") || $0.begins(with: "Snapshots:") || $0.begins(with: "Specs:"))
                    && $0.ends(with: " total")
            }),
        Runner("vitest", line: vitest),
        Runner("mocha") { MochaReader() },
        Runner("deno", line: deno),
        Runner("bun") { BunReader() },
        Runner("playwright") { PlaywrightReader() },
        // Of several browsers it tells the sum once more.
        Runner("karma", line: karma, besides: { $0.begins(with: "TOTAL:") && $0.ends(with: " SUCCESS") }),
        Runner("jasmine", line: jasmine),
        Runner("ava", line: ava),
        Runner("uvu") { UvuReader() },
        Runner("cucumber", line: cucumber),
    ]

    // "Tests:       1 failed, 1 skipped, 12 passed, 14 total"
    private static func jest(_ line: OutputLine) -> TestCounts? {
        guard line.begins(with: "Tests:"), line.ends(with: " total") else { return nil }
        return TestCounts(
            passed: line.count(before: "passed") ?? 0, failed: line.count(before: "failed") ?? 0,
            skipped: line.count(before: "skipped", "pending", "todo", "ignored") ?? 0)
    }

    // "Tests  1 failed | 12 passed | 1 expected fail | 1 skipped (15)"
    private static func vitest(_ line: OutputLine) -> TestCounts? {
        if line.words == ["Tests", "no", "tests"] { return TestCounts() }
        guard line.begins(with: "Tests"), line.number(1) != nil, line.ends(with: ")"),
            line.number(line.words.count - 1) != nil
        else { return nil }
        return TestCounts(
            passed: line.count(before: "passed") ?? 0, failed: line.count(before: "failed") ?? 0,
            skipped: line.count(before: "skipped", "todo", "expected") ?? 0)
    }

    // "ok | 3 passed (2 steps) | 0 failed | 1 ignored (12ms)"
    private static func deno(_ line: OutputLine) -> TestCounts? {
        guard line.starts(with: "ok | ") || line.starts(with: "FAILED | "), let passed = line.count(before: "passed")
        else { return nil }
        return TestCounts(
            passed: passed, failed: line.count(before: "failed") ?? 0, skipped: line.count(before: "ignored") ?? 0)
    }

    // "Chrome 120.0: Executed 5 of 6 (1 FAILED) (skipped 1) (0.01 secs / 0.005 secs)". The first time is 0 as long as
    // the run goes on.
    private static func karma(_ line: OutputLine) -> TestCounts? {
        guard let place = line.end(of: "Executed"), place > 1, let executed = line.number(place),
            line.word(place + 1, is: "of"), let time = line.words.firstIndex(of: "secs"), line.word(time - 1) != "0"
        else { return nil }
        let failed = line.count(before: "FAILED") ?? 0
        return TestCounts(passed: max(0, executed - failed), failed: failed, skipped: line.count(after: "skipped") ?? 0)
    }

    // "5 specs, 1 failure, 1 pending spec"
    private static func jasmine(_ line: OutputLine) -> TestCounts? {
        guard let total = line.number(0), line.word(1, is: "spec", "specs"),
            let failed = line.count(before: "failure", "failures")
        else { return nil }
        return TestCounts(total: total, failures: failed, skipped: line.count(before: "pending") ?? 0)
    }

    // "3 tests passed", "1 test failed", a line each
    private static func ava(_ line: OutputLine) -> TestCounts? {
        guard line.words.count == 3, line.text.utf8.last != UInt8(ascii: "."), let number = line.number(0),
            line.word(1, is: "test", "tests", "known", "uncaught")
        else { return nil }
        switch line.words[2] {
        case "passed": return TestCounts(passed: number)
        case "failed", "exception", "exceptions": return TestCounts(failed: number)
        case "skipped", "todo", "failure", "failures": return TestCounts(skipped: number)
        default: return nil
        }
    }

    // "4 scenarios (1 failed, 3 passed)"
    private static func cucumber(_ line: OutputLine) -> TestCounts? {
        guard line.number(0) != nil, line.word(1, is: "scenario", "scenarios", "Scenarios"),
            line.words.count == 2 || line.ends(with: ")")
        else { return nil }
        return TestCounts(
            passed: line.count(before: "passed") ?? 0,
            failed: line.count(before: "failed", "undefined", "ambiguous") ?? 0,
            skipped: line.count(before: "skipped", "pending") ?? 0)
    }
}
