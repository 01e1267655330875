/// How many tests passed and failed, read from what test runners print.
package struct TestCounts: Sendable, Hashable {
    package var passed: Int
    package var failed: Int

    package init(passed: Int = 0, failed: Int = 0) {
        self.passed = passed
        self.failed = failed
    }

    /// The counts in the output of one command; zero where no runner is recognised.
    package init(parsing output: String) {
        self.init()
        for reader in Self.readers {
            if let counts = reader(output) {
                self = counts
                return
            }
        }
    }

    private static var readers: [(String) -> TestCounts?] {
        [pytest, swiftTesting, xctest, cargo, jest, unittest, maven, tap, go]
    }

    // "3 failed, 12 passed, 1 skipped in 0.12s"
    private static func pytest(_ text: String) -> TestCounts? {
        guard let line = text.split(separator: "\n").last(where: { $0.contains(#/ in [0-9.]+s/#) }) else { return nil }
        let passed = line.firstMatch(of: #/(\d+) passed/#).flatMap { Int($0.1) }
        let failed = line.firstMatch(of: #/(\d+) failed/#).flatMap { Int($0.1) }
        let errors = line.firstMatch(of: #/(\d+) errors?/#).flatMap { Int($0.1) }
        guard passed != nil || failed != nil || errors != nil else { return nil }
        return TestCounts(passed: passed ?? 0, failed: (failed ?? 0) + (errors ?? 0))
    }

    // "Test run with 8 tests in 1 suite passed after 0.006 seconds." or "… failed after … with 2 issues."
    private static func swiftTesting(_ text: String) -> TestCounts? {
        guard let run = text.firstMatch(of: #/Test run with (\d+) tests?.* (passed|failed) after/#),
            let total = Int(run.1),
            total > 0
        else { return nil }
        let failed = text.matches(of: #/✘ Test (?!run with|case).* failed after/#).count
        return TestCounts(passed: max(0, total - failed), failed: failed)
    }

    // "Executed 12 tests, with 1 failure (0 unexpected) in 0.1 seconds"
    private static func xctest(_ text: String) -> TestCounts? {
        let runs = text.matches(of: #/Executed (\d+) tests?, with (?:\d+ tests? skipped and )?(\d+) failures?/#)
        guard let last = runs.last, let total = Int(last.1), let failed = Int(last.2) else { return nil }
        return TestCounts(passed: max(0, total - failed), failed: failed)
    }

    // "test result: ok. 5 passed; 0 failed; 0 ignored", once per crate
    private static func cargo(_ text: String) -> TestCounts? {
        let results = text.matches(of: #/test result: \w+\. (\d+) passed; (\d+) failed/#)
        guard !results.isEmpty else { return nil }
        return results.reduce(into: TestCounts()) { counts, result in
            counts.passed += Int(result.1) ?? 0
            counts.failed += Int(result.2) ?? 0
        }
    }

    // "Tests:       1 failed, 12 passed, 13 total"
    private static func jest(_ text: String) -> TestCounts? {
        guard let line = text.firstMatch(of: #/(?m)^Tests:\s+(.*\d+ total)/#)?.1 else { return nil }
        return TestCounts(
            passed: line.firstMatch(of: #/(\d+) passed/#).flatMap { Int($0.1) } ?? 0,
            failed: line.firstMatch(of: #/(\d+) failed/#).flatMap { Int($0.1) } ?? 0)
    }

    // "Ran 5 tests in 0.001s" … "FAILED (failures=1, errors=1)"
    private static func unittest(_ text: String) -> TestCounts? {
        guard let run = text.firstMatch(of: #/(?m)^Ran (\d+) tests? in/#), let total = Int(run.1) else { return nil }
        let verdict = text.firstMatch(of: #/(?m)^FAILED \((.*)\)/#)?.1 ?? ""
        let failures = verdict.firstMatch(of: #/failures=(\d+)/#).flatMap { Int($0.1) } ?? 0
        let errors = verdict.firstMatch(of: #/errors=(\d+)/#).flatMap { Int($0.1) } ?? 0
        return TestCounts(passed: max(0, total - failures - errors), failed: failures + errors)
    }

    // "Tests run: 5, Failures: 1, Errors: 0, Skipped: 0": the last line sums up
    private static func maven(_ text: String) -> TestCounts? {
        let runs = text.matches(of: #/Tests run: (\d+), Failures: (\d+), Errors: (\d+)/#)
        guard let last = runs.last, let total = Int(last.1), let failures = Int(last.2), let errors = Int(last.3) else {
            return nil
        }
        return TestCounts(passed: max(0, total - failures - errors), failed: failures + errors)
    }

    // node's runner and other TAP producers: "# pass 3" and "# fail 1" ("ℹ pass 3" on a terminal)
    private static func tap(_ text: String) -> TestCounts? {
        guard let passed = text.firstMatch(of: #/(?m)^[#ℹ] pass (\d+)/#).flatMap({ Int($0.1) }) else { return nil }
        return TestCounts(
            passed: passed, failed: text.firstMatch(of: #/(?m)^[#ℹ] fail (\d+)/#).flatMap { Int($0.1) } ?? 0)
    }

    // "ok  	example.com/pkg	0.01s" and "--- FAIL: TestX"; without -v only packages are counted
    private static func go(_ text: String) -> TestCounts? {
        let passed = text.matches(of: #/(?m)^\s*--- PASS: /#).count
        let failed = text.matches(of: #/(?m)^\s*--- FAIL: /#).count
        if passed + failed > 0 { return TestCounts(passed: passed, failed: failed) }
        let packages = text.matches(of: #/(?m)^ok\s+\S+/#).count
        return packages > 0 ? TestCounts(passed: packages, failed: 0) : nil
    }
}
