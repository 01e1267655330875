extension Runner {
    static let jvm = [
        Runner("maven") { MavenReader() },
        Runner("gradle") { GradleReader() },
        Runner("junit", line: junit),
        Runner("testng", line: testNG),
        Runner("sbt") { SbtReader() },
        Runner("clojure") { ClojureReader() },
    ]

    // JUnit's console: "[         4 tests successful      ]", a line each
    private static func junit(_ line: OutputLine) -> TestCounts? {
        guard line.words.count == 5, line.words[0] == "[", line.words[4] == "]", line.words[2] == "tests",
            let number = line.number(1)
        else { return nil }
        switch line.words[3] {
        case "successful": return TestCounts(passed: number)
        case "failed": return TestCounts(failed: number)
        case "skipped", "aborted": return TestCounts(skipped: number)
        default: return nil
        }
    }

    // "Total tests run: 5, Passes: 3, Failures: 1, Skips: 1"
    private static func testNG(_ line: OutputLine) -> TestCounts? {
        guard line.begins(with: "Total", "tests", "run:"), let total = line.number(3),
            let failed = line.count(after: "Failures:")
        else { return nil }
        return TestCounts(total: total, failures: failed, skipped: line.count(after: "Skips:") ?? 0)
    }
}
