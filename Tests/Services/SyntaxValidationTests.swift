import Contracts
import Synchronization
import TaskStore
import Testing

/// What a validation makes of changed files that cannot be read.
@Suite struct SyntaxValidationTests {
    private let validator = MemoryValidator(
        ["calc.py": "def add(): pass\n", "old.py": "cannot be read\n", "run.sh": "true\n"],
        ["make test": MemoryTrees.exits(0)])

    private func commands(_ result: StepResult) -> [String] { result.validated?.result.commands.map(\.command) ?? [] }

    private func looks(_ result: StepResult) -> [String]? { result.validated?.result.checks?.map(\.command) }

    @Test func `what can be read is looked at before the commands, by one command a language`() async throws {
        let result = try await validator.validate(["calc.py": "x\n", "new.py": "y\n", "a.json": "{}\n"])
        #expect(result.outcome == .succeeded)
        #expect(looks(result) == ["syntax (python3): calc.py new.py", "syntax (python3): a.json"])
        #expect(commands(result) == ["make test"])
        let evidence = result.validated?.signed.evidence
        #expect(evidence?.commands == ["make test"] && evidence?.requested == ["make test"])
    }

    @Test func `a change without a file to look at has no looks`() async throws {
        let result = try await validator.validate(["notes.txt": "x\n", "calc.py": nil])
        #expect(commands(result) == ["make test"] && validator.trees.looks.isEmpty)
        #expect(looks(result) == nil)
    }

    @Test func `what cannot be read fails by name and place, goes to the coder, and no command runs`() async throws {
        let result = try await validator.validate(["calc.py": "cannot be read\n", "new.py": "y\n"])
        #expect(result.outcome == .failed && validator.trees.ran.isEmpty)
        #expect(result.issue == "`calc.py` cannot be read as Python:\ncalc.py: SyntaxError")
        #expect(looks(result) == ["syntax (python3): calc.py", "syntax (python3): new.py"])
        #expect(result.validated?.result.checks?.map(\.exitCode) == [1, 0] && commands(result).isEmpty)
        #expect(result.validated?.signed.evidence.success == false)
    }

    @Test func `what could not be read on the base either is no fault of the change, and is named`() async throws {
        let result = try await validator.validate(["old.py": "still cannot be read\n", "calc.py": "x\n"])
        #expect(result.outcome == .succeeded && validator.trees.ran == ["make test"])
        #expect(looks(result) == ["syntax (python3): calc.py"] && commands(result) == ["make test"])
        #expect(result.validated?.result.issues.contains { $0.contains("`old.py`") } == true)
    }

    @Test func `what was broken before excuses nothing else`() async throws {
        let result = try await validator.validate(["old.py": "still cannot be read\n", "new.py": "cannot be read\n"])
        #expect(result.outcome == .failed && result.issue?.contains("`new.py`") == true)
        #expect(validator.trees.ran.isEmpty)
    }

    @Test func `of a file that moved the base is where it was`() async throws {
        let result = try await validator.validate(["old.py": nil, "moved.py": "cannot be read\n"])
        #expect(result.outcome == .succeeded)
        let renamed = try await validator.validate(["run.sh": nil, "run.py": "cannot be read\n"])
        #expect(renamed.outcome == .failed)
    }

    @Test func `a program that is missing, or cannot tell, is named and never counts as a pass`() async throws {
        validator.trees.state.withLock { $0.missing = ["bash"] }
        let result = try await validator.validate([
            "run.sh": "cannot be read\n", "a.py": "cannot tell\n", "b.py": "x\n",
        ])
        #expect(result.outcome == .succeeded)
        #expect(looks(result) == ["syntax (python3): b.py"] && commands(result) == ["make test"])
        let issues = result.validated?.result.issues ?? []
        #expect(issues.contains { $0.contains("`bash` is not installed") && $0.contains("run.sh") })
        #expect(issues.contains { $0.contains("could not tell: a.py") })
    }

    @Test func `where nothing else validates the tree, it is said that only its syntax was checked`() async throws {
        let alone = MemoryValidator(["README.md": "hello\n"])
        let result = try await alone.validate(["a.sh": "true\n"]) { $0.validation.commands = [] }
        #expect(result.outcome == .succeeded && looks(result) == ["syntax (bash): a.sh"])
        #expect(commands(result).isEmpty)
        #expect(result.validated?.result.suggestions.contains { $0.contains("only the syntax") } == true)
        let evidence = result.validated?.signed.evidence
        #expect(evidence?.requested == [] && evidence?.commands == [] && evidence?.exitCodes == [])
    }
}
