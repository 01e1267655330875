import ValidatorService

/// Outputs of runners as their documentation and their sources have them, and how many tests passed, failed and were
/// skipped.
enum DocumentedOutputs {
    typealias Row = (output: String, passed: Int, failed: Int, skipped: Int)

    static let all: [Row] = javaScript + swiftAndGo + native + jvm + dotNet + others + plain

    static let javaScript: [Row] = [
        // jest; suites and snapshots count in the same words
        (
            """
            FAIL src/sum.test.js
              ● sum › adds

            Test Suites: 1 failed, 2 passed, 3 total
            Tests:       1 failed, 1 skipped, 1 todo, 12 passed, 15 total
            Snapshots:   1 passed, 1 total
            Time:        1.2 s, estimated 2 s
            Ran all test suites.
            """, 12, 1, 2
        ),
        ("Test Suites: 1 failed, 1 total\nTests:       0 total\nSnapshots:   0 total", 0, 0, 0),
        // vitest
        (
            """
             FAIL  src/a.test.ts > sum > adds
            AssertionError: expected 3 to be 4

             Test Files  1 failed | 1 passed (2)
                  Tests  1 failed | 12 passed | 2 skipped | 1 todo (16)
               Start at  10:00:00
               Duration  310ms (transform 22ms, setup 0ms, collect 30ms, tests 5ms)
            """, 12, 1, 3
        ),
        (" Test Files  2 passed (2)\n      Tests  3 passed (3)", 3, 0, 0),
        (" RUN  v3.2.4 /app\n\n      Tests  1 failed | 2 passed | 1 expected fail (4)", 2, 1, 1),
        // deno
        ("running 3 tests from ./a_test.ts\nok | 3 passed | 0 failed (12ms)", 3, 0, 0),
        ("FAILED | 2 passed (4 steps) | 1 failed (1 step) | 2 ignored | 1 filtered out (5ms)", 2, 1, 2),
        // bun
        (
            """
            a.test.ts:
            (fail) bad [0.10ms]

             3 pass
             1 skip
             1 todo
             1 fail
             7 expect() calls
            Ran 6 tests across 2 files. [12.00ms]
            """, 3, 1, 2
        ),
        // Playwright: tests that passed in another try, and that were not reached
        (
            """
            Running 8 tests using 2 workers
              1) [chromium] › a.spec.ts:3:1 › adds ─────────

              1 failed
                [chromium] › a.spec.ts:3:1 › adds ─────────
              1 flaky
                [chromium] › a.spec.ts:9:1 › waits ────────
              1 skipped
              2 did not run
              3 passed (3.2s)
            """, 4, 1, 3
        ),
        ("Running 1 test using 1 worker\n  1 failed\n    [chromium] › a.spec.ts:3:1 › adds", 0, 1, 0),
        // Cypress: Mocha's words within its own tables
        (
            """
              calc
                ✓ adds (30ms)

              2 passing (1s)
              1 failing

              (Results)
              │ Tests:        3                        │
              │ Passing:      2                        │

                   Spec                        Tests  Passing  Failing  Pending  Skipped
              │ ✖  a.cy.js           00:01        3        2        1        -        - │
            """, 2, 1, 0
        ),
        // ava
        ("  ─\n\n  1 test failed\n  2 tests passed\n  1 test skipped\n", 2, 1, 1),
        // jasmine, karma
        ("Started\n.F*\n\n5 specs, 1 failure, 1 pending spec\nFinished in 0.01 seconds", 3, 1, 1),
        (
            """
            Chrome Headless 120.0.0.0 (Linux x86_64): Executed 2 of 6 SUCCESS (0 secs / 0.002 secs)
            Chrome Headless 120.0.0.0 (Linux x86_64): Executed 5 of 6 (1 FAILED) (skipped 1) (0.012 secs / 0.005 secs)
            TOTAL: 1 FAILED, 4 SUCCESS
            """, 4, 1, 1
        ),
        // uvu
        ("  Total:     4\n  Passed:    2\n  Skipped:   1\n  Duration:  0.38ms", 2, 1, 1),
        // cucumber-js
        ("4 scenarios (1 failed, 1 undefined, 2 passed)\n10 steps (1 failed, 9 passed)\n0m00.012s", 2, 2, 0),
    ]

    static let swiftAndGo: [Row] = [
        // XCTest counts checks that failed, and every suite; Swift Testing comes after it
        (
            """
            Test Suite 'All tests' started at 2026-11-21 10:00:00.000
            Test Suite 'debug.xctest' started at 2026-11-21 10:00:00.000
            Test Suite 'ATests' started at 2026-11-21 10:00:00.000
            Test Case 'ATests.testBad' started at 2026-11-21 10:00:00.000
            Test Case 'ATests.testBad' failed (0.001 seconds)
            Test Suite 'ATests' failed at 2026-11-21 10:00:00.010
            \t Executed 12 tests, with 1 test skipped and 1 failure (0 unexpected) in 0.01 (0.01) seconds
            Test Suite 'debug.xctest' failed at 2026-11-21 10:00:00.010
            \t Executed 12 tests, with 1 test skipped and 1 failure (0 unexpected) in 0.01 (0.01) seconds
            Test Suite 'All tests' failed at 2026-11-21 10:00:00.010
            \t Executed 12 tests, with 1 test skipped and 1 failure (0 unexpected) in 0.01 (0.01) seconds
            ◇ Test run started.
            ➜ Test later() skipped.
            ✔ Test adds() passed after 0.001 seconds.
            ✘ Test "divides" recorded an issue at A.swift:3:5: Expectation failed
            ✘ Test case passing 1 argument n → 1 to "divides" failed after 0.001 seconds with 1 issue.
            ✘ Test "divides" failed after 0.001 seconds with 1 issue.
            ✘ Suite Calc failed after 0.001 seconds with 1 issue.
            ✘ Test run with 4 tests in 1 suite failed after 0.002 seconds with 1 issue.
            """, 12, 2, 2
        ),
        ("[1/2] Testing ATests.ATests/testA\n[2/2] Testing ATests.ATests/testB", 2, 0, 0),
        // gotestsum prints what go prints, and sums it up
        (
            """
            === RUN   TestA
            --- PASS: TestA (0.00s)
            === RUN   TestB
            --- FAIL: TestB (0.00s)
            FAIL
            FAIL\texample.com/a\t0.01s

            DONE 2 tests, 1 failure in 0.100s
            """, 1, 1, 0
        ),
        ("=== RUN   TestA\n--- PASS: TestA (0.00s)\nPASS\nok  \texample.com/b\t(cached)", 1, 0, 0),
        ("testing: warning: no tests to run\nPASS\nok  \texample.com/b\t0.001s [no tests to run]", 0, 0, 0),
        // nextest
        ("     Summary [   0.020s] 3/7 tests run: 2 passed, 1 failed, 0 skipped", 2, 1, 0),
        (
            """
                    FAIL [   0.003s] app::it tests::bad
            ────────────
                 Summary [   0.012s] 7 tests run: 4 passed (1 slow, 1 flaky), 2 failed, 1 timed out, 3 skipped
                    FAIL [   0.003s] app::it tests::bad
            """, 4, 3, 3
        ),
        // Ginkgo, of which go knows one test
        (
            """
            Ran 5 of 6 Specs in 0.001 seconds
            FAIL! -- 3 Passed | 2 Failed | 1 Pending | 0 Skipped
            --- FAIL: TestBooks (0.00s)
            FAIL
            FAIL\texample.com/books\t0.01s
            """, 3, 2, 1
        ),
        // Foundry's forge
        (
            """
            Suite result: ok. 3 passed; 0 failed; 1 skipped; finished in 1.2ms (1.1ms CPU time)
            Ran 1 test suite in 5.20ms (1.20ms CPU time): 3 tests passed, 0 failed, 1 skipped (4 total tests)
            """, 3, 0, 1
        ),
    ]

    static let native: [Row] = [
        // googletest, cmocka
        (
            """
            [==========] Running 6 tests from 2 test suites.
            [ RUN      ] Calc.Bad
            [  FAILED  ] Calc.Bad (0 ms)
            [==========] 6 tests from 2 test suites ran. (3 ms total)
            [  PASSED  ] 4 tests.
            [  SKIPPED ] 1 test, listed below:
            [  SKIPPED ] Calc.Later
            [  FAILED  ] 1 test, listed below:
            [  FAILED  ] Calc.Bad

             1 FAILED TEST
            """, 4, 1, 1
        ),
        (
            """
            [==========] tests: 3 test(s) run.
            [  PASSED  ] 2 test(s).
            [  FAILED  ] tests: 1 test(s), listed below:
            [  FAILED  ] bad

             1 FAILED TEST(S)
            """, 2, 1, 0
        ),
        // Catch2, doctest
        ("test cases:  5 |  3 passed | 1 failed | 1 skipped\nassertions: 12 | 11 passed | 1 failed", 3, 1, 1),
        (
            """
            [doctest] test cases:  5 |  4 passed | 1 failed | 7 skipped
            [doctest] assertions: 12 | 11 passed | 1 failed |
            [doctest] Status: FAILURE!
            """, 4, 1, 0
        ),
        // Boost: checks are told that failed, and the tests that they are in
        (
            """
            Running 5 test cases...
            a.cpp(5): error: in "calc/adds": check 1 == 2 has failed
            a.cpp(6): error: in "calc/adds": check 1 == 3 has failed

            *** 2 failures are detected in the test module "Master Test Suite"
            """, 4, 1, 0
        ),
        ("Running 5 test cases...\n\n*** No errors detected", 5, 0, 0),
        ("Totals: 5 passed, 1 failed, 2 skipped, 0 blacklisted, 3ms", 5, 1, 2),
        ("[====] Synthesis: Tested: 5 | Passing: 3 | Failing: 2 | Crashing: 1 ", 3, 2, 0),
        ("80%: Checks: 5, Failures: 1, Errors: 0", 4, 1, 0),
        ("-----------------------\n5 Tests 1 Failures 1 Ignored \nFAIL", 3, 1, 1),
        ("Errors (1 failures, 6 tests, 5 ran, 9 checks, 1 ignored, 0 filtered out, 2 ms)", 4, 1, 1),
        // Meson
        (
            """
            Ok:                 3
            Expected Fail:      1
            Fail:               1
            Unexpected Pass:    0
            Skipped:            1
            Timeout:            1
            """, 3, 2, 2
        ),
        ("Executed 3 out of 3 tests: 2 tests pass and 1 fails locally.", 2, 1, 0),
        ("Executed 0 out of 5 tests: 5 tests pass.", 5, 0, 0),
        // automake, once for each folder
        (
            """
            PASS: tests/adds
            FAIL: tests/divides
            ============================================================================
            Testsuite summary for app 1.0
            ============================================================================
            # TOTAL: 5
            # PASS:  2
            # SKIP:  1
            # XFAIL: 1
            # FAIL:  1
            # XPASS: 0
            # ERROR: 0
            ============================================================================
            """, 2, 1, 2
        ),
        // DejaGnu
        (
            """
            FAIL: app.exp: divides

                            === app Summary ===

            # of expected passes\t\t5
            # of unexpected failures\t1
            # of unsupported tests\t\t2
            """, 5, 1, 2
        ),
        // LLVM's lit, of today and before
        (
            """
            Total Discovered Tests: 6
              Unsupported      : 1 (16.67%)
              Passed           : 3 (50.00%)
              Expectedly Failed: 1 (16.67%)
              Failed           : 1 (16.67%)
            """, 3, 1, 2
        ),
        ("Total Discovered Tests: 4\n  Passed: 3 (75.00%)\n  Failed: 1 (25.00%)", 3, 1, 0),
        ("Tests finished: Pass 5. Fail 1. Fatal 0. Skip 2. Build failure 0", 5, 1, 2),
        // CUnit, CppUnit
        (
            """
            Run Summary:    Type  Total    Ran Passed Failed Inactive
                          suites      1      1    n/a      0        0
                           tests      4      3      2      1        1
                         asserts      5      5      4      1      n/a
            """, 2, 1, 1
        ),
        ("!!!FAILURES!!!\nTest Results:\nRun:  5   Failures: 1   Errors: 1", 3, 2, 0),
        ("Build Summary: 3/5 steps succeeded; 1 failed; 2/4 tests passed; 1 skipped; 1 failed", 2, 1, 1),
        ("1/3 main.test.a...OK\n2 passed; 1 skipped; 1 failed.", 2, 1, 1),
    ]
}
