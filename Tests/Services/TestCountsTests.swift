import Testing
import ValidatorService

@Suite struct TestCountsTests {
    @Test(arguments: [
        ("3 failed, 12 passed, 1 skipped in 0.12s", 12, 3),
        ("============ 5 passed in 0.01s ============", 5, 0),
        ("1 error in 0.05s", 0, 1),
        ("Ran 5 tests in 0.001s\n\nOK", 5, 0),
        ("Ran 5 tests in 0.001s\n\nFAILED (failures=1, errors=1)", 3, 2),
        ("✔ Test run with 8 tests in 1 suite passed after 0.006 seconds.", 8, 0),
        (
            "✘ Test \"adds\" failed after 0.001 seconds with 1 issue.\n"
                + "✘ Test run with 8 tests in 2 suites failed after 0.006 seconds with 1 issue.", 7, 1
        ),
        ("Executed 12 tests, with 2 failures (0 unexpected) in 0.1 (0.1) seconds", 10, 2),
        // A test that was skipped did not pass.
        ("Executed 4 tests, with 1 test skipped and 0 failures (0 unexpected) in 0.1 seconds", 3, 0),
        ("Executed 2 tests, with 0 failures\n✔ Test run with 8 tests in 1 suite passed after 0.006 seconds.", 10, 0),
        (
            "test result: ok. 5 passed; 0 failed; 0 ignored\ntest result: FAILED. 1 passed; 2 failed; 0 ignored", 6, 2
        ),
        ("Tests:       1 failed, 12 passed, 13 total", 12, 1),
        ("Tests:       3 passed, 3 total", 3, 0),
        (
            "[INFO] Tests run: 5, Failures: 1, Errors: 1, Skipped: 0, Time elapsed: 0.1 s\n"
                + "[ERROR] Tests run: 5, Failures: 1, Errors: 1, Skipped: 0", 3, 2
        ),
        ("TAP version 13\n# tests 4\n# pass 3\n# fail 1", 3, 1),
        ("--- PASS: TestA (0.00s)\n--- FAIL: TestB (0.00s)\nFAIL", 1, 1),
        ("=== RUN   TestA\n--- FAIL: TestA (0.00s)\nFAIL\nFAIL\texample.com/a\t0.01s", 0, 1),
        (
            "test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\n"
                + "   Doc-tests cr\n\nrunning 0 tests\n\n"
                + "test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s", 2, 0
        ),
        ("no tests ran in 0.01s", 0, 0),
        ("Ran 0 tests in 0.000s\n\nOK", 0, 0),
        ("Ran 5 tests in 0.001s\n\nOK (skipped=2)", 3, 0),
        ("Ran 2 tests in 0.1s\n\nOK\nRan 3 tests in 0.1s\n\nFAILED (failures=1)", 4, 1),
        ("[INFO] Tests run: 5, Failures: 1, Errors: 0, Skipped: 2", 2, 1),
        // What stops at the first run that fails is held against what does not.
        ("2 passed in 0.01s\n1 failed, 1 passed in 0.01s", 3, 1),
        ("Tests:       3 passed, 3 total\nTests:       2 passed, 2 total", 5, 0),
        ("# pass 3\n# fail 0\n# pass 2\n# fail 1", 5, 1),
        (" Test Files  1 failed (1)\n      Tests  1 failed | 2 passed | 1 skipped (4)", 2, 1),
        ("  12 passing (30ms)\n  1 pending\n  2 failing\n", 12, 2),
        ("[INFO] Tests run: 2, Failures: 0, Errors: 0\n[INFO] Tests run: 3, Failures: 0, Errors: 0", 5, 0),
        (
            "✔ Test run with 8 tests in 1 suite passed after 0.006 seconds.\n"
                + "✔ Test run with 2 tests in 1 suite passed after 0.006 seconds.", 10, 0
        ),
        (
            "Test Suite 'A' passed at 2026-11-21 10:00:00.0\n\t Executed 2 tests, with 0 failures (0 unexpected) in 0.1\n"
                + "Test Suite 'All tests' passed at 2026-11-21 10:00:00.0\n\t Executed 2 tests, with 0 failures in 0.1\n"
                + "Test Suite 'Selected tests' failed at 2026-11-21 10:00:00.0\n\t Executed 3 tests, with 1 failure in 0.1",
            4, 1
        ),
    ])
    func `counts are read from what runners print`(_ output: String, _ passed: Int, _ failed: Int) throws {
        let counts = try #require(TestCounts(parsing: output))
        #expect(counts.passed == passed && counts.failed == failed)
    }

    @Test(arguments: [
        ("3 failed, 12 passed, 1 skipped in 0.12s", 1), ("Ran 5 tests in 0.001s\n\nOK (skipped=2)", 2),
        ("Executed 4 tests, with 2 tests skipped and 0 failures (0 unexpected) in 0.1 seconds", 2),
        ("--- PASS: TestA (0.00s)\n--- SKIP: TestB (0.00s)", 1),
        ("test result: ok. 5 passed; 0 failed; 3 ignored; 0 measured; 0 filtered out; finished in 0.00s", 3),
    ])
    func `what was skipped is told apart`(_ output: String, _ skipped: Int) {
        #expect(TestCounts(parsing: output)?.skipped == skipped)
    }

    /// They are held against what runs once all is well.
    @Test(arguments: [
        ("Ran 1 test in 0.1s\n\nFAILED (failures=5)", 1),
        ("Executed 2 tests, with 7 failures (0 unexpected) in 0.1 seconds", 2),
        ("[INFO] Tests run: 2, Failures: 2, Errors: 2, Skipped: 0", 2),
        ("1 passed, 1 error in 0.1s", 1), ("2 failed, 1 passed, 3 errors in 0.1s", 3),
    ])
    func `a test that fails more than once is one test`(_ output: String, _ ran: Int) {
        #expect(TestCounts(parsing: output)?.ran == ran)
    }

    /// Without -v go tells only of tests that fail.
    @Test(arguments: [
        "--- FAIL: TestA (0.00s)\n--- FAIL: TestB (0.00s)\nFAIL\nFAIL\texample.com/a\t0.01s",
        "ok  \texample.com/a\t0.01s", "ok  \texample.com/a\t(cached)\tcoverage: 50.0% of statements",
        "?   \texample.com/b\t[no test files]\nok  \texample.com/a\t0.01s",
        "FAIL\texample.com/d [build failed]\nok  \texample.com/a\t0.01s",
    ])
    func `where go counts no tests nobody knows how many there are`(_ output: String) {
        #expect(TestCounts(parsing: output) == nil)
        #expect(TestCounts(parsing: "3 passed in 0.1s\n\(output)") == TestCounts(passed: 3))
    }

    @Test func `where go has none to run there are none`() {
        #expect(TestCounts(parsing: "?   \texample.com/a\t[no test files]") == TestCounts())
    }

    @Test func `what a quiet Maven says of a failure is counted`() {
        let counts = TestCounts(parsing: "[ERROR] Tests run: 5, Failures: 1, Errors: 0, Skipped: 0")
        #expect(counts == TestCounts(passed: 4, failed: 1))
    }

    @Test(arguments: ["hello world", "", "5 apples in 3 baskets", "9999999999999999999 passed", "-1 passed in 1s"])
    func `what no runner prints is not understood`(_ output: String) {
        #expect(TestCounts(parsing: output) == nil)
    }

    @Test(arguments: [
        String(repeating: "1", count: 1 << 20), " in " + String(repeating: "9", count: 1 << 20),
        String(repeating: "1 ", count: 1 << 19), String(repeating: "in ", count: 1 << 18) + "1.0s",
        String(repeating: "Ran 1 tests in\n", count: 1 << 16), String(repeating: "\u{301}", count: 1 << 18),
        String(repeating: "Test run with ", count: 1 << 16),
    ])
    func `an output of any kind is read in time`(_ output: String) {
        let start = ContinuousClock.now
        _ = TestCounts(parsing: output)
        // The expressions that were here before took hours for the first of these.
        #expect(ContinuousClock.now - start < .seconds(20))
    }
}
