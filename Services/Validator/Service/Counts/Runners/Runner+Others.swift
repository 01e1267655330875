extension Runner {
    static let others = [
        Runner("tap") { TAPReader() },
        Runner("dart", line: dart),
        Runner("elm-test") { ElmReader() },
        Runner("busted", line: busted),
        Runner("luaunit", line: luaunit),
        Runner("tasty", line: tasty),
        Runner("hunit") { HUnitReader() },
        Runner("alcotest", line: alcotest),
        Runner("testthat") { TestthatReader() },
        Runner("julia") { JuliaReader() },
        Runner("opa", line: opa),
        Runner("move", line: move),
        Runner("gauge", line: gauge),
    ]

    // "00:01 +3 ~1 -1: Some tests failed.", the last of many lines of the kind
    private static func dart(_ line: OutputLine) -> TestCounts? {
        guard let place = line.range(of: ": "), line.word(1)?.first == "+", line.word(0)?.contains(":") == true,
            [
                "All tests passed!", "All other tests passed!", "Some tests failed.", "All tests skipped.",
            ].contains(String(line.text[place.upperBound...]))
        else { return nil }
        var counts = TestCounts()
        for word in line.text[..<place.lowerBound].split(separator: " ").dropFirst() {
            let number = OutputLine.number(word.dropFirst()) ?? 0
            switch word.first {
            case "+": counts.passed = number
            case "~": counts.skipped = number
            case "-": counts.failed = number
            default: return nil
            }
        }
        return counts
    }

    // "3 successes / 1 failure / 0 errors / 1 pending : 0.01 seconds"
    private static func busted(_ line: OutputLine) -> TestCounts? {
        guard let passed = line.number(0), line.word(1, is: "success", "successes"), line.word(2, is: "/"),
            let failed = line.count(before: "failure", "failures")
        else { return nil }
        return TestCounts(
            passed: passed, failed: failed + (line.count(before: "error", "errors") ?? 0),
            skipped: line.count(before: "pending") ?? 0)
    }

    // "Ran 5 tests in 0.000 seconds, 3 successes, 1 failure, 1 skipped"
    private static func luaunit(_ line: OutputLine) -> TestCounts? {
        guard line.begins(with: "Ran"), line.word(2, is: "test", "tests"),
            let passed = line.count(before: "success", "successes")
        else { return nil }
        return TestCounts(
            passed: passed, failed: line.count(before: "failure", "failures", "error", "errors") ?? 0,
            skipped: line.count(before: "skipped") ?? 0)
    }

    // "1 out of 5 tests failed (0.01s)"; where all passed it is like many
    private static func tasty(_ line: OutputLine) -> TestCounts? {
        guard let failed = line.number(0), line.word(1, is: "out"), line.word(2, is: "of"), let total = line.number(3),
            line.word(4, is: "test", "tests"), line.word(5, is: "failed")
        else { return nil }
        return TestCounts(total: total, failures: failed, skipped: 0)
    }

    // "Test Successful in 0.001s. 3 tests run.", "1 failure! in 0.001s. 3 tests run."
    private static func alcotest(_ line: OutputLine) -> TestCounts? {
        guard line.word(line.words.count - 1, is: "run"), line.words.count >= 6,
            line.word(line.words.count - 2, is: "test", "tests"),
            let total = line.number(line.words.count - 3), line.words.contains("in")
        else { return nil }
        if line.begins(with: "Test", "Successful") { return TestCounts(passed: total) }
        guard let failed = line.number(0), line.word(1, is: "failure", "failures", "error", "errors") else {
            return nil
        }
        return TestCounts(total: total, failures: failed, skipped: 0)
    }

    // "PASS: 4/5", "FAIL: 1/5", a line each
    private static func opa(_ line: OutputLine) -> TestCounts? {
        guard line.words.count == 2 else { return nil }
        let parts = line.words[1].split(separator: "/")
        guard parts.count == 2, let number = OutputLine.number(parts[0]), OutputLine.number(parts[1]) != nil else {
            return nil
        }
        switch line.words[0] {
        case "PASS:": return TestCounts(passed: number)
        case "FAIL:", "ERROR:": return TestCounts(failed: number)
        case "SKIPPED:": return TestCounts(skipped: number)
        default: return nil
        }
    }

    // "Test result: FAILED. Total tests: 5; passed: 4; failed: 1"
    private static func move(_ line: OutputLine) -> TestCounts? {
        guard line.begins(with: "Test", "result:"), let passed = line.count(after: "passed:"),
            let failed = line.count(after: "failed:")
        else { return nil }
        return TestCounts(passed: passed, failed: failed)
    }

    // "Scenarios: 3 executed 2 passed 1 failed 0 skipped"
    private static func gauge(_ line: OutputLine) -> TestCounts? {
        guard line.begins(with: "Scenarios:"), line.word(2, is: "executed"), let passed = line.count(before: "passed")
        else { return nil }
        return TestCounts(
            passed: passed, failed: line.count(before: "failed") ?? 0, skipped: line.count(before: "skipped") ?? 0)
    }
}
