import Foundation
import Foundations
import TestSupport
import Testing
import ValidatorService

@Suite struct RecordedOutputTests {
    private static let gap: Substring = "[... 70000 bytes of output cut ...]"
    private static let understood = RecordedOutput.all.filter { $0.counts != nil }

    @Test(arguments: RecordedOutput.all)
    func `what a runner really printed is counted`(_ output: RecordedOutput) throws {
        let text = try output.text
        #expect(TestCounts(parsing: text) == output.counts)
    }

    @Test(arguments: RecordedOutput.all)
    func `colours, line ends and what tools write before a line change nothing`(_ output: RecordedOutput) throws {
        let text = try output.text
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let coloured = lines.map { line in
            line.split(separator: " ", omittingEmptySubsequences: false).map { "\u{1B}[1;31m\($0)\u{1B}[0m" }
                .joined(separator: " ")
        }
        #expect(TestCounts(parsing: text.replacing("\n", with: "\r\n")) == output.counts)
        #expect(TestCounts(parsing: coloured.joined(separator: "\n")) == output.counts)
        for prefix in [
            "app:test: ", "@a/b: ", "web-1  | ", "web.1   | ", "calc> ", "packages/a test: ", "[app]: ",
            "2026-11-21T10:00:00.123Z ",
            "#12 3.401 ",
        ] {
            #expect(
                TestCounts(parsing: lines.map { prefix + $0 }.joined(separator: "\n")) == output.counts, "\(prefix)")
        }
    }

    @Test func `counts of several runs, of any runners, are added up`() throws {
        var random = SeededNumbers(seed: 7)
        let rounds = 60 * Fuzzer.factor
        for _ in 0..<rounds {
            let runs = (0..<Int.random(in: 2...5, using: &random)).compactMap { _ in
                Self.understood.randomElement(using: &random)
            }
            let text = try runs.map { try $0.text }.joined(separator: "\n$ next\n")
            let sum = runs.compactMap(\.counts).reduce(TestCounts(), +)
            #expect(TestCounts(parsing: text) == sum, "\(runs.map(\.name))")
        }
    }

    @Test func `random text and damaged outputs end in counts or none, and take no long`() throws {
        var fuzzer = Fuzzer(seed: 11)
        let rounds = 60 * Fuzzer.factor
        let texts = try RecordedOutput.all.map { try Data($0.text.utf8) }
        for round in 0..<rounds {
            let damaged = fuzzer.variant(of: texts[round % texts.count])
            let counts = TestCounts(parsing: String(decoding: damaged, as: UTF8.self))
            #expect([counts?.passed, counts?.failed, counts?.skipped].allSatisfy { ($0 ?? 0) >= 0 })
            let noise = fuzzer.noise(upTo: 4000)
            #expect(TestCounts(parsing: String(decoding: noise, as: UTF8.self)) == nil)
        }
    }

    @Test(arguments: ["go-v", "go-json", "tap"])
    func `where tests are counted line by line, a part that is missing makes the count unknown`(_ name: String) throws {
        let text = try RecordedOutput.text("\(name).txt")
        let lines = text.split(separator: "\n")
        let cut = Array(lines.prefix(4)) + [Self.gap] + Array(lines.suffix(3))
        #expect(TestCounts(parsing: cut.joined(separator: "\n")) == nil)
    }

    @Test func `what sums up counts although a part before it is missing`() throws {
        let lines = try RecordedOutput.text("pytest.txt").split(separator: "\n")
        let cut = Array(lines.prefix(4)) + [Self.gap] + Array(lines.suffix(1))
        #expect(TestCounts(parsing: cut.joined(separator: "\n"))?.passed == 5)
    }

    @Test(arguments: [
        ("pytest", "test_a.py::test_bad"), ("unittest", "test_bad (test_u.A.test_bad)"), ("go-v", "TestTwo/y"),
        ("go-json", "TestTwo/y"), ("cargo", "bad"), ("node-spec", "in bad"), ("tap", "b"), ("prove", "t/a.t"),
        ("bats-tap", "b"), ("ctest", "bad"), ("rspec", "Calc bad"), ("minitest", "CalcTest#test_bad"),
        ("test-unit", "test_err(CalcTest)"), ("phpunit", "CalcTest::testBad"), ("mocha", "bad"),
    ])
    func `tests that failed are named`(_ output: String, _ name: String) throws {
        let text = try RecordedOutput.text("\(output).txt")
        let summary = TestSummary(reading: text)
        #expect(summary.failing.names.contains(name))
    }

    @Test func `so many names that they can be read are kept`() {
        let lines = (0..<5000).map { "test case_\($0) ... FAILED" }.joined(separator: "\n")
        let failing = TestSummary(reading: "\(lines)\n\(lines)").failing
        #expect(failing.names.count == 20 && failing.summary?.hasSuffix("and 4980 more") == true)
    }
}
