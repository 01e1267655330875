// Ruby, PHP and Elixir, and those that say it in the same way.
extension Runner {
    static let ruby = [
        Runner("rspec", line: rspec),
        Runner("minitest", line: minitest),
        Runner("phpunit", line: phpunit),
        Runner("exunit", line: exunit),
        Runner("eunit", line: eunit),
    ]

    // "5 examples, 1 failure, 1 pending, 1 error occurred outside of examples". Haskell's hspec, too; Crystal and specs2
    // have errors of examples, ShellSpec skips.
    private static func rspec(_ line: OutputLine) -> TestCounts? {
        guard let total = line.number(0), line.word(1, is: "example", "examples"), let failed = line.number(2),
            line.word(3, is: "failure", "failures")
        else { return nil }
        let errors = line.count(before: "error", "errors") ?? 0
        let outside = line.contains("outside of examples") ? errors : 0
        return TestCounts(
            total: total, failures: failed + errors - outside,
            skipped: line.count(before: "pending", "skip", "skips") ?? 0)
            + TestCounts(failed: outside, errors: outside)
    }

    // "5 runs, 12 assertions, 1 failures, 0 errors, 1 skips"; test-unit says "5 tests, …, 0 pendings, 1 omissions",
    // Clojure's kaocha no errors where there are none.
    private static func minitest(_ line: OutputLine) -> TestCounts? {
        guard let total = line.number(0), line.word(1, is: "run", "runs", "test", "tests"),
            line.word(3, is: "assertion", "assertions"), let failed = line.count(before: "failures", "failure")
        else { return nil }
        return TestCounts(
            total: total, failures: failed + (line.count(before: "errors", "error") ?? 0),
            skipped: line.count(before: "skips", "pendings", "omissions", "pending") ?? 0)
    }

    // "OK (5 tests, 12 assertions)", or "Tests: 5, Assertions: 12, Failures: 1, Errors: 1, Skipped: 1.". Pest says
    // "Tests:    1 failed, 4 passed (12 assertions)", JUnit 4 "OK (5 tests)".
    private static func phpunit(_ line: OutputLine) -> TestCounts? {
        if line.begins(with: "No", "tests", "executed"), line.words.count == 3 { return TestCounts() }
        if line.begins(with: "OK"), line.word(2, is: "test", "tests"), line.ends(with: ")"),
            line.words.count == 3 || line.word(4, is: "assertion", "assertions")
        {
            return line.number(1).map { TestCounts(passed: $0) }
        }
        if line.begins(with: "Tests:"), let passed = line.count(before: "passed"), line.contains(" assertion") {
            return TestCounts(
                passed: passed, failed: line.count(before: "failed") ?? 0,
                skipped: line.count(before: "skipped", "todo", "incomplete") ?? 0)
        }
        guard line.begins(with: "Tests:"), let total = line.number(1), line.word(2, is: "Assertions:") else {
            return nil
        }
        return TestCounts(
            total: total, failures: line.count(after: "Failures:", "Errors:") ?? 0,
            skipped: line.count(after: "Skipped:", "Incomplete:") ?? 0)
    }

    // "1 doctest, 5 tests, 1 failure, 2 excluded, 1 invalid, 1 skipped". bats says "5 tests, 1 failure, 1 skipped".
    private static func exunit(_ line: OutputLine) -> TestCounts? {
        guard line.number(0) != nil,
            let total = line.count(
                before: "test", "tests", "doctest", "doctests", "property", "properties", "feature", "features"),
            let failed = line.count(before: "failure", "failures"), line.number(2) != nil
        else { return nil }
        let invalid = line.count(before: "invalid") ?? 0
        let excluded = line.count(before: "excluded", "skipped") ?? 0
        return TestCounts(total: total, failures: failed + invalid, skipped: excluded)
    }

    // "Failed: 1.  Skipped: 0.  Passed: 4."
    private static func eunit(_ line: OutputLine) -> TestCounts? {
        guard line.begins(with: "Failed:"), line.words.count == 6, let failed = line.number(1),
            line.word(2, is: "Skipped:"), let skipped = line.number(3), let passed = line.number(5)
        else { return nil }
        return TestCounts(passed: passed, failed: failed, skipped: skipped)
    }
}
