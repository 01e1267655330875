// What systems that build say of the tests that they run.
extension Runner {
    static let build = [
        Runner("automake", line: automake, besides: { $0.begins(with: "#", "TOTAL:") }),
        Runner("dejagnu", line: dejaGnu),
        Runner("lit", line: lit),
        Runner("buck", line: buck),
        Runner("bazel", line: bazel),
    ]

    // "# PASS:  3", "# XFAIL: 1", "# FAIL:  1" and so on, a line each, for each folder
    private static func automake(_ line: OutputLine) -> TestCounts? {
        guard line.words.count == 3, line.words[0] == "#", let number = line.number(2) else { return nil }
        switch line.words[1] {
        case "PASS:": return TestCounts(passed: number)
        case "FAIL:", "XPASS:", "ERROR:": return TestCounts(failed: number)
        case "SKIP:", "XFAIL:": return TestCounts(skipped: number)
        default: return nil
        }
    }

    // "# of expected passes		5", a line each
    private static func dejaGnu(_ line: OutputLine) -> TestCounts? {
        guard line.begins(with: "#", "of"), let number = line.number(line.words.count - 1) else { return nil }
        switch line.words.dropFirst(2).dropLast().joined(separator: " ") {
        case "expected passes": return TestCounts(passed: number)
        case "unexpected failures", "unexpected successes", "unresolved testcases": return TestCounts(failed: number)
        case "expected failures", "known failures", "unsupported tests", "untested testcases":
            return TestCounts(skipped: number)
        default: return nil
        }
    }

    // LLVM's "  Passed           : 3 (75.00%)", a line each
    private static func lit(_ line: OutputLine) -> TestCounts? {
        guard line.indent == 2, line.ends(with: "%)") else { return nil }
        let words = line.words.dropLast().map { $0.hasSuffix(":") ? $0.dropLast() : $0 }.filter { !$0.isEmpty }
        guard let number = words.last.flatMap(OutputLine.number) else { return nil }
        switch words.dropLast().joined(separator: " ") {
        case "Passed", "Passed With Retry": return TestCounts(passed: number)
        case "Failed", "Unresolved", "Timed Out", "Unexpectedly Passed": return TestCounts(failed: number)
        case "Skipped", "Unsupported", "Excluded", "Expectedly Failed": return TestCounts(skipped: number)
        default: return nil
        }
    }

    // "Tests finished: Pass 5. Fail 1. Fatal 0. Skip 0. Build failure 0"
    private static func buck(_ line: OutputLine) -> TestCounts? {
        guard line.begins(with: "Tests", "finished:"), let passed = line.count(after: "Pass") else { return nil }
        return TestCounts(
            passed: passed, failed: line.count(after: "Fail", "Fatal") ?? 0, skipped: line.count(after: "Skip") ?? 0)
    }

    // "Executed 3 out of 3 tests: 2 tests pass and 1 fails locally."
    private static func bazel(_ line: OutputLine) -> TestCounts? {
        guard line.begins(with: "Executed"), line.word(2, is: "out"), line.word(3, is: "of"),
            let total = line.number(4),
            line.word(5, is: "tests:", "test:")
        else { return nil }
        let passed =
            (line.end(of: "tests", "pass") ?? line.end(of: "test", "passes")).flatMap { line.number($0 - 3) } ?? 0
        let skipped = line.words.firstIndex(of: "skipped").flatMap { line.number($0 - 2) } ?? 0
        return TestCounts(passed: passed, failed: max(0, total - passed - skipped), skipped: skipped)
    }
}
