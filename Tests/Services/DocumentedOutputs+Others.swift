import ValidatorService

extension DocumentedOutputs {
    static let jvm: [Row] = [
        // Maven: a line each class, and the sum of each module
        (
            """
            [INFO] Running com.example.ATest
            [ERROR] Tests run: 5, Failures: 1, Errors: 0, Skipped: 1, Time elapsed: 0.05 s <<< FAILURE! -- in com.example.ATest
            [ERROR] com.example.ATest.adds -- Time elapsed: 0.01 s <<< FAILURE!
            [INFO] Results:
            [ERROR] Failures:
            [ERROR]   ATest.adds:12 expected: <3> but was: <4>
            [INFO]
            [ERROR] Tests run: 5, Failures: 1, Errors: 0, Skipped: 1
            [INFO] Tests run: 3, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.05 s -- in com.example.BTest
            [INFO] Results:
            [INFO] Tests run: 3, Failures: 0, Errors: 0, Skipped: 0
            [WARNING] Tests run: 2, Failures: 0, Errors: 0, Skipped: 2
            [INFO] Reactor Summary for app 1.0:
            """, 6, 1, 3
        ),
        ("    [junit] Tests run: 3, Failures: 1, Errors: 1, Skipped: 0, Time elapsed: 0.05 sec", 1, 2, 0),
        // Gradle says nothing of tests where all pass, unless it is asked to
        (
            """
            > Task :app:test FAILED

            ATest > adds() FAILED
                org.opentest4j.AssertionFailedError at ATest.java:12

            5 tests completed, 1 failed, 1 skipped

            > Task :lib:test

            3 tests completed, 1 failed

            BUILD FAILED in 3s
            """, 5, 2, 1
        ),
        ("> Task :test\n\nATest > adds() PASSED\n\nATest > later() SKIPPED\n\nBUILD SUCCESSFUL in 1s", 1, 0, 1),
        // A plugin that sums up before Gradle does
        (
            """
            > Task :app:test

            FAILURE: Executed 5 tests in 1.2s (1 failed, 1 skipped)


            5 tests completed, 1 failed, 1 skipped

            > Task :app:test FAILED
            """, 3, 1, 1
        ),
        ("> Task :lib:test\n\nSUCCESS: Executed 3 tests in 900ms\n\nBUILD SUCCESSFUL in 1s", 3, 0, 0),
        ("Specs:   1 passed, 1 failed, 2 total\nTests:   3 passed, 1 failed, 1 ignored, 5 total", 3, 1, 1),
        // JUnit's console, JUnit 4, TestNG
        (
            """
            [         1 containers found      ]
            [         5 tests found           ]
            [         1 tests skipped         ]
            [         5 tests started         ]
            [         0 tests aborted         ]
            [         3 tests successful      ]
            [         1 tests failed          ]
            """, 3, 1, 1
        ),
        ("JUnit version 4.13\n...\nOK (5 tests)", 5, 0, 0),
        ("There was 1 failure:\n\nFAILURES!!!\nTests run: 5,  Failures: 1", 4, 1, 0),
        ("Total tests run: 5, Passes: 3, Failures: 1, Skips: 1", 3, 1, 1),
        // sbt: its own sum where there are more frameworks than one
        (
            """
            [info] Total number of tests run: 3
            [info] Suites: completed 1, aborted 0
            [info] Tests: succeeded 2, failed 1, canceled 0, ignored 1, pending 0
            [info] *** 1 TEST FAILED ***
            [error] Total time: 3 s, completed Nov 21, 2026
            """, 2, 1, 1
        ),
        (
            """
            [info] Tests: succeeded 2, failed 0, canceled 0, ignored 0, pending 0
            [info] Passed: Total 5, Failed 0, Errors 0, Passed 5
            """, 5, 0, 0
        ),
        ("[error] Failed: Total 5, Failed 1, Errors 0, Passed 3, Ignored 1", 3, 1, 1),
        // Clojure counts checks
        (
            "FAIL in (adds) (a_test.clj:5)\nFAIL in (adds) (a_test.clj:6)\nRan 3 tests containing 5 assertions.\n2 failures, 0 errors.",
            2, 1, 0
        ),
        ("5 tests, 12 assertions, 1 failures.", 4, 1, 0),
    ]

    static let dotNet: [Row] = [
        (
            "Passed!  - Failed:     0, Passed:     3, Skipped:     1, Total:     4, Duration: 4 ms - A.dll (net8.0)", 3,
            0, 1
        ),
        (
            "Failed!  - Failed:     1, Passed:     3, Skipped:     0, Total:     4, Duration: 4 ms - A.dll (net8.0)", 3,
            1, 0
        ),
        (
            "Test Run Failed.\nTotal tests: 5\n     Passed: 3\n     Failed: 1\n    Skipped: 1\n Total time: 1.2 Seconds",
            3, 1, 1
        ),
        ("Total tests: 5. Passed: 4. Failed: 1. Skipped: 0.", 4, 1, 0),
        ("Test summary: total: 4, failed: 1, succeeded: 2, skipped: 1, duration: 1.2s", 2, 1, 1),
        (
            """
            Test run summary: Failed! - bin/Debug/net9.0/A.dll (net9.0|x64)
              total: 4
              failed: 1
              succeeded: 2
              skipped: 1
              duration: 1s 20ms
            """, 2, 1, 1
        ),
        ("Test Count: 5, Passed: 3, Failed: 1, Warnings: 0, Inconclusive: 0, Skipped: 1", 3, 1, 1),
        ("   A.Tests  Total: 5, Errors: 0, Failed: 1, Skipped: 1, Time: 0.123s", 3, 1, 1),
        ("Tests completed in 1.2s\nTests Passed: 5, Failed: 1, Skipped: 1, Inconclusive: 0, NotRun: 0", 5, 1, 1),
    ]

    static let others: [Row] = [
        // ExUnit counts what a filter left out among the tests
        ("Finished in 0.03 seconds (0.00s async, 0.03s sync)\n5 tests, 1 failure, 2 excluded, 1 skipped", 1, 1, 3),
        ("1 doctest, 1 property, 5 tests, 0 failures, 1 invalid", 6, 1, 0),
        ("  All 5 tests passed.", 5, 0, 0),
        ("=======================================================\n  Failed: 1.  Skipped: 1.  Passed: 4.", 4, 1, 1),
        // Pest
        ("  Tests:    1 failed, 1 skipped, 3 passed (5 assertions)\n  Duration: 0.12s", 3, 1, 1),
        ("OK, but incomplete, skipped, or risky tests!\nTests: 5, Assertions: 12, Skipped: 1.", 4, 0, 1),
        ("5 examples, 1 failure, 1 error occurred outside of examples", 4, 2, 0),
        // Crystal and specs2 count errors among the examples, ShellSpec has skips
        ("5 examples, 1 failures, 1 errors, 1 pending", 2, 2, 1), ("5 examples, 1 failure, 0 error", 4, 1, 0),
        ("5 examples, 1 failure, 2 skips", 2, 1, 2),
        // shunit2, zope.testrunner
        ("test_adds\ntest_divides\nASSERT:expected:<1> but was:<2>\n\nRan 3 tests.\n\nFAILED (failures=1)", 2, 1, 0),
        ("Ran 3 tests.\n\nOK (skipped=1)", 2, 0, 1),
        ("  Ran 5 tests with 1 failures, 1 errors and 1 skipped in 0.012 seconds.", 2, 2, 1),
        // Open Policy Agent, Move, Gauge
        ("data.a.test_b: FAIL (1ms)\nPASS: 4/5\nFAIL: 1/5", 4, 1, 0),
        ("Test result: FAILED. Total tests: 5; passed: 4; failed: 1", 4, 1, 0),
        ("Specifications: 1 executed 0 passed 1 failed\nScenarios: 3 executed 2 passed 1 failed 1 skipped", 2, 1, 1),
        // Helm's unittest: what else there is one of counts in the same words
        ("Charts:      1 passed, 1 total\nTests:       5 passed, 5 total\nSnapshot:    2 passed, 2 total", 5, 0, 0),
        // Haskell
        ("Examples: 5  Tried: 5  Errors: 0  Failures: 1", 4, 1, 0),
        ("Finished in 0.0012 seconds\n5 examples, 1 failure, 1 pending", 3, 1, 1),
        ("1 out of 5 tests failed (0.01s)", 4, 1, 0), ("All 5 tests passed (0.01s)", 5, 0, 0),
        ("Cases: 5  Tried: 1  Errors: 0  Failures: 0\rCases: 5  Tried: 5  Errors: 0  Failures: 1", 4, 1, 0),
        // OCaml
        ("Test Successful in 0.001s. 3 tests run.", 3, 0, 0), ("1 failure! in 0.001s. 3 tests run.", 2, 1, 0),
        ("Ran: 3 tests in: 0.11 seconds.\nOK", 3, 0, 0),
        (
            "Ran: 4 tests in: 0.11 seconds.\nFAILED: Cases: 4 Tried: 4 Errors: 0 Failures: 1 Skip:  1 Todo: 0 Timeouts: 0.",
            2, 1, 1
        ),
        // R
        (
            """
            ✔ | F W  S  OK | Context
            [ FAIL 1 | WARN 0 | SKIP 1 | PASS 5 ]

            ══ Failed tests ═══════════════════
            ── Failure ('test-a.R:3:3'): adds ──
            [ FAIL 1 | WARN 0 | SKIP 1 | PASS 5 ]
            """, 5, 1, 1
        ),
        // Julia
        (
            """
            Test Summary: | Pass  Fail  Error  Broken  Total  Time
            arithmetic    |    3     1      1       1      6  0.1s
              adds        |    2                           2  0.0s
            """, 3, 2, 1
        ),
        // Dart
        ("00:00 +0: loading a_test.dart\n00:01 +3 ~1 -1: Some tests failed.", 3, 1, 1),
        ("00:01 +3: All tests passed!", 3, 0, 0),
        // Elm, Lua
        ("TEST RUN FAILED\n\nDuration: 150 ms\nPassed:   3\nFailed:   1\nSkipped:  1", 3, 1, 1),
        ("3 successes / 1 failure / 1 error / 1 pending : 0.01 seconds", 3, 2, 1),
        ("Ran 5 tests in 0.000 seconds, 3 successes, 1 failure, 1 skipped", 3, 1, 1),
        // stestr, Twisted
        ("Ran: 5 tests in 1.0000 sec.\n - Passed: 3\n - Skipped: 1\n - Expected Fail: 0\n - Failed: 1", 3, 1, 1),
        ("Ran 5 tests in 0.019s\n\nFAILED (skips=1, failures=1, successes=3)", 3, 1, 1),
        // TAP: a plan that is not kept, what is to be done, parts of a test
        ("TAP version 14\n1..4\nok 1 - a\nnot ok 2 - b # TODO later\nok 3 # SKIP no network", 1, 1, 2),
        ("1..0 # SKIP no network", 0, 0, 0),
        ("# Subtest: a\n    ok 1 - x\n    not ok 2 - y\n    1..2\nnot ok 1 - a\nok 2 - b\n1..2", 1, 1, 0),
    ]

    static let plain: [Row] = [
        ("3 passed, 1 failed", 3, 1, 0), ("Results: 3 passed, 1 failed, 2 skipped", 3, 1, 2),
        ("12 tests passed", 12, 0, 0),
        ("Passed: 3, Failed: 1", 3, 1, 0), ("passed=3 failed=1 skipped=2", 3, 1, 2), ("3/4 tests passed", 3, 1, 0),
        ("✓ 3 passed | ✗ 1 failed (12ms)", 3, 1, 0), ("4 passed (3.2s)", 4, 0, 0), ("3 of 5 tests passed", 3, 2, 0),
        ("1/4 failed (2s)", 3, 1, 0), ("🎉 3 tests passed.", 3, 0, 0), ("Success! 2 passed, 0 failed.", 2, 0, 0),
        ("5 examples (4 passed, 1 failed)", 4, 1, 0), ("Tests: 5, Passed: 4, Failed: 1", 4, 1, 0),
        ("Summary: 5 passed, 1 failed in 3 ms", 5, 1, 0), ("2 passed, 1 failed in 3 seconds", 2, 1, 0),
        ("3 passed, no failures", 3, 0, 0), ("[app] 3 tests passed", 3, 0, 0),
        ("Tests: 3 passed, 1 failed, 0 skipped, 0 ignored, 2 filtered out", 3, 1, 0),
    ]
}
