import Contracts
import Sandbox
import TaskStore
import Testing

@testable import ValidatorService

/// What `validation.require_tests` asks of a change.
@Suite struct RequiredTestsTests {
    private static let add = "def add(a, b):\n    return a + b\n"
    private static let shows = "def test_add(): shows the change\n"

    private let validator = MemoryValidator(
        ["calc.py": "wrong\n", "tests/test_old.py": "def test_old(): passes\n"],
        ["make test": Self.makeTest])

    /// A test that shows the change fails as long as the code is as it was.
    private static let makeTest: MemoryTrees.Program = { files in
        let isMended = files["calc.py"] != "wrong\n"
        let tests = files.values.flatMap { $0.split(separator: "\n") }.filter { $0.hasPrefix("def test_") }
        let failed = isMended ? 0 : tests.count { $0.contains("shows the change") }
        let passed = "\(tests.count - failed) passed in 0.1s"
        return failed == 0
            ? CommandOutcome(exitCode: 0, output: passed)
            : CommandOutcome(exitCode: 1, output: "\(failed) failed, \(passed)")
    }

    private func validate(_ files: [String: String?], requires: Bool = true) async throws -> StepResult {
        try await validator.validate(files) { $0.validation.requireTests = requires }
    }

    @Test func `tests that fail on the base and pass on the change show it`() async throws {
        let result = try await validate(["calc.py": Self.add, "tests/test_add.py": Self.shows])
        #expect(result.outcome == .succeeded && result.validated?.result.issues == [])
        // On the change, on the base, and on the base with the tests of the change.
        #expect(validator.trees.ran.count == 3)
    }

    @Test func `code without a test of it fails, and the coder is told which`() async throws {
        let result = try await validate(["calc.py": Self.add])
        #expect(result.outcome == .failed)
        #expect(result.issue?.contains("no test shows what the change does to `calc.py`") == true)
        #expect(result.validated?.signed.evidence.success == false)
        #expect(try await validate(["calc.py": Self.add], requires: false).outcome == .succeeded)
    }

    @Test func `tests that pass on the base as well do not show the change`() async throws {
        let result = try await validate(["calc.py": Self.add, "tests/test_add.py": "def test_add(): passes\n"])
        #expect(result.outcome == .failed)
        #expect(result.issue?.contains("do not show the change: with `tests/test_add.py`") == true)
    }

    @Test func `tests of before that fail on the base show the change, and none has to be written`() async throws {
        let red = MemoryValidator(
            ["calc.py": "wrong\n", "tests/test_add.py": Self.shows], ["make test": Self.makeTest])
        let result = try await red.validate(["calc.py": Self.add]) { $0.validation.requireTests = true }
        #expect(result.outcome == .succeeded)
    }

    @Test(
        arguments: [["README.md": "x\n"], ["tests/test_more.py": "def test_more(): passes\n"], [:]]
            as [[String: String]])
    func `documents, tests alone and no change at all need no test`(_ files: [String: String]) async throws {
        let result = try await validate(files)
        #expect([.succeeded, .unchanged].contains(result.outcome))
    }

    @Test func `where nothing runs tests the coder is asked for what does`() async throws {
        let bare = MemoryValidator(["calc.js": "wrong\n"])
        let result = try await bare.validate(["calc.js": "right\n"]) {
            $0.validation.commands = []
            $0.validation.requireTests = true
        }
        #expect(result.outcome == .failed && result.issue?.contains("no command runs tests here") == true)
    }

    @Test func `what cannot be run on the base to its end proves nothing, which is said`() async throws {
        validator.trees.install("make test") { files in
            CommandOutcome(
                exitCode: 0, output: "1 passed in 0.1s",
                interruption: files["calc.py"] == "wrong\n" && files["tests/test_add.py"] != nil ? .timeout : nil)
        }
        let result = try await validate(["calc.py": Self.add, "tests/test_add.py": Self.shows])
        #expect(result.outcome == .succeeded && result.validated?.result.issues == [RequiredTests.untried])
    }

    @Test func `tests that stand beside the code cannot be run without it, which is said`() async throws {
        let inside = "fn add() {}\n#[test]\nfn adds() { assert!(true) }\n"
        let result = try await validate(["calc.py": Self.add, "lib.rs": inside])
        #expect(result.outcome == .succeeded && result.validated?.result.issues == [RequiredTests.untried])
        #expect(try await validate(["lib.rs": "fn add() {}\n"]).outcome == .failed)
    }

    @Test func `what fails anyway fails for its own reason`() async throws {
        validator.trees.install("make test", MemoryTrees.exits(2))
        let result = try await validate(["calc.py": Self.add])
        #expect(result.issue?.contains("`make test` failed with exit code 2") == true)
        #expect(validator.trees.ran.count == 1)
    }

    @Test(
        arguments: [
            (["src/a.py", "tests/helper.py", "a_test.go"], ["src/a.py"], ["tests/helper.py", "a_test.go"]),
            (["setup.py", "docs/conf.py", "jest.config.js", "types.d.ts", "vendor/a.go"], [], []),
            (["conftest.py", "tests/data.json", "style.css"], [], ["conftest.py", "tests/data.json"]),
            (["a.vue", "run.sh", "t/a.t"], ["a.vue", "run.sh"], []),
        ] as [([String], [String], [String])])
    func `code has to be tested, and what belongs to tests is tried on the base`(
        _ written: [String], _ sources: [String], _ tests: [String]
    ) {
        let required = RequiredTests(written: written, removed: ["tests/old.py", "b.py"])
        #expect(required.sources == sources && required.tests == tests)
        #expect(required.areDue == !sources.isEmpty && required.gone == ["tests/old.py"])
    }
}
