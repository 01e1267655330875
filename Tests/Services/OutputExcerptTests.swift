import Testing
import ValidatorService

@Suite struct OutputExcerptTests {
    private static let noise = (0..<2000).map { "test case_\($0) ... ok" }.joined(separator: "\n")

    @Test func `a short output is shown whole, without colours`() {
        #expect(OutputExcerpt.text(of: "\u{1B}[31ma\u{1B}[0m\n\nb", limit: 100) == "a\n\nb")
    }

    @Test(arguments: [
        "Traceback (most recent call last):\n  File \"calc.py\", line 3\nZeroDivisionError: division by zero",
        "thread 'tests::it' panicked at src/lib.rs:3:5:\nassertion `left == right` failed",
        "--- FAIL: TestX (0.00s)\n    a_test.go:12: got 3", "src/a.swift:3:5: error: cannot find 'x' in scope",
        "● sum › adds\n    Expected: 3\n    Received: 4", "not ok 7 - adds\n  ---\n  message: 'no'",
    ])
    func `the failure is shown although much follows it, and the end as well`(_ failure: String) {
        let output = "\(Self.noise)\n\(failure)\n\(Self.noise)\nthe end: exit 1"
        let excerpt = OutputExcerpt.text(of: output, limit: 2000)
        #expect(excerpt.contains(failure) && excerpt.hasSuffix("the end: exit 1"))
        #expect(excerpt.utf8.count < 2400 && excerpt.contains("[...]"))
    }

    @Test func `lines that only look like failures leave room for those that are`() {
        let warnings = (0..<500).map { "warning \($0): expected later" }.joined(separator: "\n")
        let output = "\(warnings)\nAssertionError: 3 != 4\n\(Self.noise)"
        #expect(OutputExcerpt.text(of: output, limit: 2000).contains("AssertionError: 3 != 4"))
    }

    @Test func `an output of any kind takes no long`() {
        let start = ContinuousClock.now
        for text in ["error", "error: \n", "\u{301}", "\u{1B}[", "é", "\r\n"] {
            let excerpt = OutputExcerpt.text(
                of: String(repeating: text, count: (1 << 20) / text.utf8.count), limit: 6000)
            #expect(excerpt.utf8.count < 8000)
        }
        #expect(ContinuousClock.now - start < .seconds(20))
    }
}
