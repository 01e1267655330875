import Contracts
import Foundations
import Testing
import ValidatorService

@Suite struct LostTestsTests {
    private static let tests =
        "import unittest\n\nclass A(unittest.TestCase):\n    def test_a(self):\n"
        + "        self.assertEqual(1, 1)\n        self.assertEqual(2, 2)\n"

    private func file(_ new: String?, old: String = Self.tests, others: [String] = []) -> LostTests {
        let file = LostTests.File(
            path: "tests/test_a.py", old: TestText(old), new: new.map { TestText($0) }, isGone: new == nil)
        return LostTests(files: [file], others: others.map { TestText($0) })
    }

    @Test func `a file of tests that is gone or holds none any more is named`() {
        let hollow = Self.tests.replacing("self.assertEqual", with: "print")
        for lost in [file(nil), file(""), file("# moved\n"), file(hollow)] {
            #expect(lost.issues.count == 1 && lost.issues.first?.contains("tests/test_a.py") == true)
        }
        #expect(file(Self.tests + "\n    def test_b(self):\n        pass\n").issues.isEmpty)
        #expect(file("", old: "\n").issues.isEmpty)
        #expect(LostTests(files: [.init(path: "large_test.go", old: nil, new: nil, isGone: true)]).issues.count == 1)
    }

    @Test func `tests that moved to other files are not lost`() {
        let moved = Self.tests.replacing("class A", with: "class B").replacing("    def", with: "  def")
        #expect(file(nil, others: [moved]).issues.isEmpty)
        let halves = Self.tests.split(separator: "\n").map(String.init)
        #expect(file(nil, others: [halves[..<5].joined(separator: "\n"), halves[5...].joined()]).issues.isEmpty)
        #expect(file(nil, others: [moved.replacing("2, 2", with: "3, 3")]).issues.count == 1)
    }

    @Test func `what tests make use of may go where they are counted`() {
        let helper = file(nil, old: "def server():\n    return 1\n")
        #expect(helper.issues.isEmpty)
        #expect(helper.issues(base: TestCounts(passed: 2), head: TestCounts(passed: 2)).isEmpty)
        #expect(helper.issues(base: nil, head: nil).first?.contains("tests/test_a.py") == true)
    }

    @Test func `a file that checks less is named, and fails nothing`() {
        let less = file(Self.tests.replacing("self.assertEqual(2, 2)", with: "pass"))
        #expect(less.issues.isEmpty && less.notes == ["`tests/test_a.py` checks less than on the base."])
        #expect(file(Self.tests).notes.isEmpty && file("").notes.isEmpty)
    }

    @Test func `fewer tests that ran than on the base are told with both counts`() {
        let lost = file(Self.tests)
        let issue = lost.issues(base: TestCounts(passed: 4, failed: 2), head: TestCounts(passed: 4, skipped: 2)).first
        #expect(issue?.contains("6 test(s) ran, here 4 (2 skipped)") == true)
        #expect(issue?.contains("tests/test_a.py") == true)
        #expect(lost.issues(base: TestCounts(passed: 1), head: nil).count == 1)
        #expect(lost.issues(base: TestCounts(failed: 6), head: TestCounts(passed: 6)).isEmpty)
        #expect(lost.issues(base: nil, head: TestCounts(passed: 6)).isEmpty)
    }

    @Test func `where nobody counted, marks that skip tests are looked for`() {
        let skipping = Self.tests.replacing("    def", with: "    @unittest.skip('later')\n    def")
        #expect(file(skipping).issues(base: nil, head: nil).first?.contains("skips") == true)
        #expect(file(Self.tests).issues(base: nil, head: nil).isEmpty)
        let leaving = Self.tests.replacing("        self", with: "        sys.exit(stream.skip(1))\n        self")
        #expect(file(leaving).issues(base: nil, head: nil).isEmpty)
        #expect(file(skipping).issues(base: TestCounts(passed: 1), head: TestCounts(passed: 1)).isEmpty)
        let more = TestCounts(passed: 1, skipped: 1)
        let option = file("test('a', {skip: true}, f)\n", old: "test('a', f)\n")
        #expect(option.issues(base: TestCounts(passed: 1), head: more).count == 1)
        #expect(file(skipping).issues(base: TestCounts(passed: 1), head: more).count == 1)
        #expect(file(Self.tests).issues(base: TestCounts(passed: 1), head: more).isEmpty)
    }

    @Test func `where nobody counted, what the files declare is`() {
        let two = Self.tests + "    def test_b(self):\n        self.assertTrue(emit(wait(pattern.test(1))))\n"
        let fewer = file(Self.tests, old: two).issues(base: nil, head: nil)
        #expect(file(Self.tests, old: two).issues(base: nil, head: TestCounts(passed: 1)) == fewer)
        #expect(fewer.count == 1 && fewer.first?.contains("declared 2 test(s), now 1") == true)
        #expect(file(Self.tests, old: two, others: ["def test_b():\n"]).issues(base: nil, head: nil).isEmpty)
        #expect(file(two, old: two.replacing("emit", with: "it")).issues(base: nil, head: nil).count == 1)
    }

    @Test func `a text of any kind is read in time`() {
        let start = ContinuousClock.now
        for text in ["a", "\n", "assert", "test(", "\u{301}", "unittest.ski"] {
            _ = TestText(String(repeating: text, count: (1 << 17) / text.utf8.count))
        }
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    @Test(arguments: [
        ("tests/test_a.py", true), ("a_test.py", true), ("pkg/a_test.go", true), ("src/a.test.ts", true),
        ("Tests/AppTests/LoginTests.swift", true), ("src/test/java/ATest.java", true), ("spec/a_spec.rb", true),
        ("tests/conftest.py", false), ("tests/__init__.py", false), ("tests/data.json", false), ("src/a.py", false),
        ("README.md", false), (".tests", false), ("attest.go", false),
    ])
    func `files of tests are recognised by their path`(_ path: String, _ expected: Bool) {
        #expect(TestFile.isTest(path) == expected)
    }

    private func removals(_ requirements: [String], description: String = "") throws -> TestRemovals {
        var task = TaskSettings(
            address: TaskAddress(
                company: try #require(CompanyID("c")), project: try #require(ProjectID("p")),
                task: try #require(TaskID("t"))), title: "Remove tests/test_a.py")
        task.requirements = requirements
        task.description = description
        return TestRemovals(task)
    }

    @Test(arguments: [
        "Remove tests/test_a.py", "Delete `tests/test_a.py`.", "Replace the tests in ./tests/test_a.py, all of them",
        "remove tests/", "Drop \"tests\"",
    ])
    func `a requirement that begins with a verb and names the file or its folder asks for it`(_ text: String) throws {
        #expect(try removals([text]).ask(for: "tests/test_a.py"))
    }

    @Test(arguments: [
        "tests/test_a.py passes", "Mend it, and remove tests/test_a.py if need be", "Remove tests/test_b.py",
        "Remove the old API", "Remove", "",
    ])
    func `nothing else asks for it`(_ text: String) throws {
        #expect(try !removals([text], description: "Remove tests/test_a.py").ask(for: "tests/test_a.py"))
    }

    @Test func `a base is counted once for the same tree and commands`() async throws {
        let baselines = Baselines()
        var key = Baselines.Key(tree: "t", without: [], commands: ["make test"])
        let first = try await baselines.counts(key) { TestCounts(passed: 1) }
        let second = try await baselines.counts(key) { TestCounts(passed: 2) }
        #expect(first == TestCounts(passed: 1) && second == first)
        key = Baselines.Key(tree: "t", without: ["a"], commands: ["make test"])
        #expect(try await baselines.counts(key) { nil } == nil)
        #expect(try await baselines.counts(key) { TestCounts(passed: 3) } == nil)
    }
}
