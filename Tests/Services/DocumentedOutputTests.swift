import Foundations
import TestSupport
import Testing
import ValidatorService

@Suite struct DocumentedOutputTests {
    @Test(arguments: DocumentedOutputs.all)
    func `what runners print by their documentation is counted`(_ row: DocumentedOutputs.Row) throws {
        let counts = try #require(TestCounts(parsing: row.output))
        #expect([counts.passed, counts.failed, counts.skipped] == [row.passed, row.failed, row.skipped])
    }

    @Test func `counts of any two runs are added up, and lines ends change nothing`() throws {
        var random = SeededNumbers(seed: 3)
        for one in DocumentedOutputs.all {
            let picked = DocumentedOutputs.all.randomElement(using: &random)
            let other = try #require(picked)
            let text = "\(one.output)\n$ next\n\(other.output)\n".replacing("\n", with: "\r\n")
            let counts = try #require(TestCounts(parsing: text))
            let sum = [one.passed + other.passed, one.failed + other.failed, one.skipped + other.skipped]
            #expect([counts.passed, counts.failed, counts.skipped] == sum, "\(one.output)\n\n\(other.output)")
        }
    }

    @Test(arguments: [
        "200 OK", "ok", "OK", "5 files passed through the filter", "passed", "3 errors", "Build: 3 succeeded, 0 failed",
        "Found 1 error in 1 file (checked 3 source files)", "100% passed", "tests passed", "1 of 3",
        "added 12 packages in 3s",
        "+++ OK, passed 100 tests.", "cat: tests: No such file", "12 passed away", "BUILD SUCCESSFUL in 1s",
        "Finished dev [unoptimized] target(s) in 0.05s", "error: test failed, to rerun pass `--lib`",
        "Ran all test suites.",
        "warning: 3 warnings generated.", "Compiled 4 files in 1.2s", "not okay", "1..", "---", "# pass", "ℹ pass",
        "Executed in 3 seconds", "Tests run:", "Tests:", "[INFO] Tests run: many", "Total tests: none",
        "{\"Action\":\"pass\"}", " RUN  v3.2.4 /app\n\nError: Failed to load url ./setup.ts",
        "RUN npm ci\nRUN npm test",
        "Ran 5 tests.", "Charts: 1 passed, 1 total", "Projects: 3 passed, 3 total", "[INFO] 3 passed, 1 failed",
        "3 passing checks: 2 of them slow", "# of files 3", "FAIL: src/3", "no tests failed", "Test result: unknown",
    ])
    func `what is no count of tests is none`(_ text: String) {
        #expect(TestCounts(parsing: text) == nil)
    }
}
