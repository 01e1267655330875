// What each runner prints. A new runner is a function and its place in the list.
extension TestCounts {
    typealias Reader = @Sendable ([OutputLine]) -> TestCounts?

    /// In the order in which they are asked; the first that understands the output decides. What ends a run of cargo
    /// reads like the end of one of pytest, too.
    static var readers: [Reader] { [cargo, pytest, swift, jest, vitest, mocha, unittest, maven, tap, go] }

    // "3 failed, 12 passed, 1 skipped in 0.12s", "no tests ran in 0.01s", once per run
    @Sendable private static func pytest(_ lines: [OutputLine]) -> TestCounts? {
        sum(
            lines.lazy.map { line in
                guard let time = line.end(of: "in"), line.tellsSeconds(at: time) else { return nil }
                if line.end(of: "no", "tests", "ran") != nil { return TestCounts() }
                let passed = line.count(before: "passed")
                let failed = line.count(before: "failed")
                let errors = line.count(before: "error", "errors")
                let skipped = line.count(before: "skipped")
                guard passed ?? failed ?? errors ?? skipped != nil else { return nil }
                return TestCounts(
                    passed: passed ?? 0, failed: (failed ?? 0) + (errors ?? 0), skipped: skipped ?? 0,
                    errors: errors ?? 0)
            })
    }

    /// `swift test` runs tests of both frameworks, and tells of each.
    @Sendable private static func swift(_ lines: [OutputLine]) -> TestCounts? {
        let counts = sum([swiftTesting(lines), xctest(lines)])
        return counts.map { $0.ran + $0.skipped > 0 } == true ? counts : nil
    }

    // "Test run with 8 tests in 1 suite passed after 0.006 seconds." or "… failed after … with 2 issues."
    private static func swiftTesting(_ lines: [OutputLine]) -> TestCounts? {
        var total: Int?
        var failed = 0
        var skipped = 0
        for line in lines {
            if let end = line.end(of: "Test", "run", "with"), line.end(of: "after") != nil {
                total = sum(total, line.number(end))
            } else if line.begins(with: "✘", "Test"), line.word(2) != "case", line.end(of: "failed", "after") != nil {
                failed += 1
            } else if line.begins(with: "➜", "Test"), line.words.contains(where: { $0.hasPrefix("skipped") }) {
                skipped += 1
            }
        }
        return total.map { TestCounts(total: $0, failures: failed, skipped: skipped) }
    }

    // "Executed 12 tests, with 1 test skipped and 1 failure (0 unexpected) in 0.1 seconds", for each suite, each of which
    // counts those within. What sums up a run comes after "Test Suite 'All tests' passed at …" or "'Selected tests'".
    private static func xctest(_ lines: [OutputLine]) -> TestCounts? {
        let suites = lines.indices.compactMap { index in executed(lines[index]).map { (index, $0) } }
        let runs = suites.filter { index, _ in
            index > 0 && lines[index - 1].begins(with: "Test", "Suite")
                && ["'All", "'Selected"].contains(lines[index - 1].word(2))
        }
        return runs.isEmpty ? suites.last?.1 : sum(runs.map { $0.1 })
    }

    private static func executed(_ line: OutputLine) -> TestCounts? {
        guard let end = line.end(of: "Executed"), let total = line.number(end), line.end(of: "with") != nil,
            let failed = line.count(before: "failure", "failures")
        else { return nil }
        let skipped = (line.end(of: "test", "skipped") ?? line.end(of: "tests", "skipped"))
            .flatMap { line.number($0 - 3) }
        return TestCounts(total: total, failures: failed, skipped: skipped ?? 0)
    }

    // "test result: ok. 5 passed; 0 failed; 0 ignored", once per crate
    @Sendable private static func cargo(_ lines: [OutputLine]) -> TestCounts? {
        sum(
            lines.lazy.map { line in
                guard line.end(of: "test", "result:") != nil, let passed = line.count(before: "passed"),
                    let failed = line.count(before: "failed")
                else { return nil }
                return TestCounts(passed: passed, failed: failed, skipped: line.count(before: "ignored") ?? 0)
            })
    }

    // "Tests:       1 failed, 1 skipped, 12 passed, 14 total", once per run
    @Sendable private static func jest(_ lines: [OutputLine]) -> TestCounts? {
        sum(
            lines.lazy.map { line in
                guard line.begins(with: "Tests:"), line.count(before: "total") != nil else { return nil }
                return TestCounts(
                    passed: line.count(before: "passed") ?? 0, failed: line.count(before: "failed") ?? 0,
                    skipped: line.count(before: "skipped") ?? 0)
            })
    }

    // "Tests  1 failed | 12 passed | 1 skipped (14)", once per run
    @Sendable private static func vitest(_ lines: [OutputLine]) -> TestCounts? {
        sum(
            lines.lazy.map { line in
                let passed = line.count(before: "passed")
                let failed = line.count(before: "failed")
                guard line.begins(with: "Tests"), passed ?? failed != nil else { return nil }
                return TestCounts(
                    passed: passed ?? 0, failed: failed ?? 0, skipped: line.count(before: "skipped") ?? 0)
            })
    }

    // "12 passing (30ms)", and where there are any "1 failing" and "1 pending", once per run
    @Sendable private static func mocha(_ lines: [OutputLine]) -> TestCounts? {
        func count(_ name: String) -> Int? {
            lines.lazy.filter { $0.word(1) == name[...] }.reduce(nil) { sum($0, $1.number(0)) }
        }
        guard let passed = count("passing") else { return nil }
        return TestCounts(passed: passed, failed: count("failing") ?? 0, skipped: count("pending") ?? 0)
    }

    // "Ran 5 tests in 0.001s" … "FAILED (failures=1, errors=1, skipped=1)" or "OK (skipped=1)", once per run
    @Sendable private static func unittest(_ lines: [OutputLine]) -> TestCounts? {
        var total: Int?
        var failed = 0
        var skipped = 0
        for line in lines {
            if line.begins(with: "Ran"), line.word(2)?.hasPrefix("test") == true, let count = line.number(1) {
                total = (total ?? 0) + count
            } else if total != nil, line.begins(with: "FAILED") || line.begins(with: "OK") {
                failed += (line.count(after: "failures") ?? 0) + (line.count(after: "errors") ?? 0)
                skipped += line.count(after: "skipped") ?? 0
            }
        }
        return total.map { TestCounts(total: $0, failures: failed, skipped: skipped) }
    }

    // "[INFO] Tests run: 5, Failures: 1, Errors: 0, Skipped: 0", once per module; that of a class tells its time, too.
    // With `--quiet` only modules that fail tell, which counts nothing.
    @Sendable private static func maven(_ lines: [OutputLine]) -> TestCounts? {
        guard lines.contains(where: { $0.begins(with: "[INFO]") }) else { return nil }
        return sum(
            lines.lazy.map { line in
                guard let end = line.end(of: "Tests", "run:"), let total = line.number(end),
                    let failures = line.count(after: "Failures:"), let errors = line.count(after: "Errors:"),
                    line.end(of: "Time", "elapsed:") == nil
                else { return nil }
                return TestCounts(
                    total: total, failures: failures + errors, skipped: line.count(after: "Skipped:") ?? 0)
            })
    }

    // node's runner and other TAP producers: "# pass 3" and "# fail 1" ("ℹ pass 3" on a terminal), once per run
    @Sendable private static func tap(_ lines: [OutputLine]) -> TestCounts? {
        func count(_ name: String) -> Int? {
            lines.lazy.filter { $0.begins(with: "#", name) || $0.begins(with: "ℹ", name) }
                .reduce(nil) { sum($0, $1.number(2)) }
        }
        guard let passed = count("pass") else { return nil }
        return TestCounts(passed: passed, failed: count("fail") ?? 0, skipped: count("skipped") ?? 0)
    }

    // "=== RUN   TestX", "--- FAIL: TestX". Without -v only tests that fail are told of, which counts nothing.
    @Sendable private static func go(_ lines: [OutputLine]) -> TestCounts? {
        guard lines.contains(where: { $0.begins(with: "RUN") || $0.begins(with: "---", "PASS:") }) else { return nil }
        return sum(
            lines.lazy.map { line in
                if line.begins(with: "---", "PASS:") { return TestCounts(passed: 1) }
                if line.begins(with: "---", "FAIL:") { return TestCounts(failed: 1) }
                return line.begins(with: "---", "SKIP:") ? TestCounts(skipped: 1) : nil
            })
    }

    private static func sum(_ one: Int?, _ other: Int?) -> Int? {
        one == nil && other == nil ? nil : (one ?? 0) + (other ?? 0)
    }
}
