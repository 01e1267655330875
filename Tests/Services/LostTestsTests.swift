import Contracts
import Foundations
import Testing
import ValidatorService

@Suite struct LostTestsTests {
    private static let tests =
        "import unittest\n\nclass A(unittest.TestCase):\n    def test_a(self):\n"
        + "        self.assertEqual(1, 1)\n        self.assertEqual(2, 2)\n"

    private func file(_ new: String?, isGone: Bool = false) -> LostTests {
        LostTests(files: [.init(path: "tests/test_a.py", old: Self.tests, new: new, isGone: isGone)])
    }

    @Test func `a file of tests that is gone or holds none any more is named`() {
        let hollow = Self.tests.replacing("self.assertEqual", with: "print")
        for lost in [file(nil, isGone: true), file(""), file("# moved\n"), file(hollow)] {
            #expect(lost.issues.count == 1 && lost.issues.first?.contains("tests/test_a.py") == true)
        }
        #expect(file(Self.tests + "\n    def test_b(self):\n        pass\n").issues.isEmpty)
        #expect(LostTests(files: [.init(path: "a_test.go", old: "\n", new: "", isGone: false)]).issues.isEmpty)
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
        #expect(file(skipping).issues(base: TestCounts(passed: 1), head: TestCounts(passed: 1)).isEmpty)
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
