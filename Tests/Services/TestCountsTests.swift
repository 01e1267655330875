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
        ("Executed 4 tests, with 1 test skipped and 0 failures (0 unexpected) in 0.1 seconds", 4, 0),
        (
            "test result: ok. 5 passed; 0 failed; 0 ignored\ntest result: FAILED. 1 passed; 2 failed; 0 ignored", 6, 2
        ),
        ("Tests:       1 failed, 12 passed, 13 total", 12, 1),
        ("Tests:       3 passed, 3 total", 3, 0),
        ("Tests run: 2, Failures: 0, Errors: 0\nTests run: 5, Failures: 1, Errors: 1, Skipped: 0", 3, 2),
        ("TAP version 13\n# tests 4\n# pass 3\n# fail 1", 3, 1),
        ("--- PASS: TestA (0.00s)\n--- FAIL: TestB (0.00s)\nFAIL", 1, 1),
        ("ok  \texample.com/a\t0.01s\nok  \texample.com/b\t0.02s", 2, 0),
        ("hello world", 0, 0),
        ("", 0, 0),
    ])
    func `counts are read from what runners print`(_ output: String, _ passed: Int, _ failed: Int) {
        #expect(TestCounts(parsing: output) == TestCounts(passed: passed, failed: failed))
    }
}
