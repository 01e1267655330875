// What each runner prints. A new runner is a function and its place in the list.
extension TestCounts {
    typealias Reader = @Sendable ([OutputLine]) -> TestCounts?

    /// In the order in which they are asked; the first that understands the output decides.
    static var readers: [Reader] { [pytest, swift, cargo, jest, unittest, maven, tap, go] }

    // "3 failed, 12 passed, 1 skipped in 0.12s", "no tests ran in 0.01s"
    @Sendable private static func pytest(_ lines: [OutputLine]) -> TestCounts? {
        for line in lines.reversed() {
            guard let time = line.end(of: "in"), line.tellsSeconds(at: time) else { continue }
            if line.end(of: "no", "tests", "ran") != nil { return TestCounts() }
            let passed = line.count(before: "passed")
            let failed = line.count(before: "failed")
            let errors = line.count(before: "error", "errors")
            let skipped = line.count(before: "skipped")
            guard passed ?? failed ?? errors ?? skipped != nil else { continue }
            return TestCounts(passed: passed ?? 0, failed: (failed ?? 0) + (errors ?? 0), skipped: skipped ?? 0)
        }
        return nil
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
                total = total ?? line.number(end)
            } else if line.begins(with: "✘", "Test"), line.word(2) != "case", line.end(of: "failed", "after") != nil {
                failed += 1
            } else if line.begins(with: "➜", "Test"), line.words.contains(where: { $0.hasPrefix("skipped") }) {
                skipped += 1
            }
        }
        return total.map { TestCounts(total: $0, failed: failed, skipped: skipped) }
    }

    // "Executed 12 tests, with 1 test skipped and 1 failure (0 unexpected) in 0.1 seconds": the last line sums up
    private static func xctest(_ lines: [OutputLine]) -> TestCounts? {
        for line in lines.reversed() {
            guard let end = line.end(of: "Executed"), let total = line.number(end), line.end(of: "with") != nil,
                let failed = line.count(before: "failure", "failures")
            else { continue }
            let skipped = (line.end(of: "test", "skipped") ?? line.end(of: "tests", "skipped"))
                .flatMap { line.number($0 - 3) }
            return TestCounts(total: total, failed: failed, skipped: skipped ?? 0)
        }
        return nil
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

    // "Tests:       1 failed, 1 skipped, 12 passed, 14 total"
    @Sendable private static func jest(_ lines: [OutputLine]) -> TestCounts? {
        guard let line = lines.first(where: { $0.begins(with: "Tests:") && $0.count(before: "total") != nil }) else {
            return nil
        }
        return TestCounts(
            passed: line.count(before: "passed") ?? 0, failed: line.count(before: "failed") ?? 0,
            skipped: line.count(before: "skipped") ?? 0)
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
        return total.map { TestCounts(total: $0, failed: failed, skipped: skipped) }
    }

    // "Tests run: 5, Failures: 1, Errors: 0, Skipped: 0": the last line sums up
    @Sendable private static func maven(_ lines: [OutputLine]) -> TestCounts? {
        for line in lines.reversed() {
            guard let end = line.end(of: "Tests", "run:"), let total = line.number(end),
                let failures = line.count(after: "Failures:"), let errors = line.count(after: "Errors:")
            else { continue }
            return TestCounts(total: total, failed: failures + errors, skipped: line.count(after: "Skipped:") ?? 0)
        }
        return nil
    }

    // node's runner and other TAP producers: "# pass 3" and "# fail 1" ("ℹ pass 3" on a terminal)
    @Sendable private static func tap(_ lines: [OutputLine]) -> TestCounts? {
        func count(_ name: String) -> Int? {
            lines.last { ($0.begins(with: "#", name) || $0.begins(with: "ℹ", name)) && $0.number(2) != nil }?.number(2)
        }
        guard let passed = count("pass") else { return nil }
        return TestCounts(passed: passed, failed: count("fail") ?? 0, skipped: count("skipped") ?? 0)
    }

    // "--- FAIL: TestX", or "ok  	example.com/pkg	0.01s": without -v only packages are counted
    @Sendable private static func go(_ lines: [OutputLine]) -> TestCounts? {
        let tests = lines.lazy.map { line -> TestCounts? in
            if line.begins(with: "---", "PASS:") { return TestCounts(passed: 1) }
            if line.begins(with: "---", "FAIL:") { return TestCounts(failed: 1) }
            return line.begins(with: "---", "SKIP:") ? TestCounts(skipped: 1) : nil
        }
        if let counts = sum(tests) { return counts }
        let packages = lines.count { line in
            line.begins(with: "ok") && (line.tellsSeconds(at: 2) || line.word(2) == "cached")
        }
        return packages > 0 ? TestCounts(passed: packages) : nil
    }
}
