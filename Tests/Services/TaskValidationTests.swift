import Contracts
import Cryptography
import Foundations
import Git
import Sandbox
import Synchronization
import TaskStore
import Testing
import Worker
import Workspaces

@testable import ValidatorService

/// What comes of a validation, over trees and commands in memory.
@Suite struct TaskValidationTests {
    private static let calc = "def add(a, b):\n    return a + b\n"
    private static let tests = "def test_add():\n    assert add(1, 1) == 2\ndef test_sub():\n    assert True\n"

    private let repository = MemoryRepository()
    private let trees: MemoryTrees
    private let journal = MemoryJournal()
    private let baselines = Baselines()
    private let signing = SigningKey()
    private let start: MemoryRepository.Files
    private let base: ObjectID

    init() {
        start = ["calc.py": Self.calc, "tests/test_calc.py": Self.tests]
        base = repository.commit(start)
        trees = MemoryTrees(repository, ["make test": MemoryTrees.runsTests])
    }

    /// The base with other files in place of some; `nil` takes one away.
    private func changed(_ files: [String: String?]) -> ObjectID {
        repository.commit(start.merging(files.compactMapValues { $0 }) { $1 }.filter { files[$0.key] != .some(nil) })
    }

    /// One owner of the run validates.
    private func validate(
        _ head: ObjectID, recorded: String? = nil, dyingAfter steps: Int = .max,
        _ change: (inout TaskRequest) -> Void = { _ in }
    ) async throws -> StepResult {
        journal.beginAgain(dyingAfter: steps)
        var request = TaskRequest.sample()
        request.validation.commands = ["make test"]
        change(&request)
        let task = ValidatedTask(
            request: request, workflowID: "w", round: 1, base: base, recordedTree: recorded, summary: "repaired",
            commands: request.validation.commands)
        return try await TaskValidation(
            task: task, repository: repository, workplace: trees, journal: journal, baselines: baselines,
            signing: signing
        ).run(on: head)
    }

    private func validation(_ result: StepResult) throws -> ValidationOutput {
        try #require(result.output as? ValidationOutput)
    }

    // MARK: Which outcome

    @Test func `a change that passes succeeds, and its start is told before its end`() async throws {
        let result = try await validate(changed(["calc.py": Self.calc + "# sub\n"]))
        #expect(result.outcome == .succeeded && result.issue == nil && result.summary == "repaired")
        #expect(journal.events.map(\.type) == [.validationStarted])
        #expect(journal.events.first?.details["commands"] == ["syntax (python3): calc.py", "make test"])
        #expect(journal.events.first?.details["round"] == 1)
        #expect(result.events.map(\.type) == [.validationCompleted])
        #expect(try validation(result).result.testsPassed == 2)
        #expect(result.changes.sandbox == "bubblewrap")
    }

    @Test func `what fails goes back to the coder with what failed`() async throws {
        let result = try await validate(changed(["tests/test_new.py": "def test_more(): fails\n"]))
        #expect(result.outcome == .failed)
        #expect(result.issue?.contains("`make test` failed with exit code 1") == true)
        #expect(result.events.first?.message.contains("Validation failed") == true)
    }

    @Test func `no change is validated too: what passes leaves nothing to push, what fails was not mended`()
        async throws
    {
        #expect(try await validate(changed([:])).outcome == .unchanged)
        trees.install("make test", MemoryTrees.exits(2))
        #expect(try await validate(changed([:])).outcome == .failed)
    }

    @Test func `a program that is not installed can be mended by no other change`() async throws {
        trees.state.withLock { $0.missing = ["python3"] }
        let result = try await validate(changed(["calc.py": "x\n"])) { $0.validation.commands = [] }
        #expect(result.outcome == .unrepairable)
        #expect(result.issue?.contains("`python3` is not installed") == true)
        #expect(trees.ran.isEmpty)
    }

    @Test func `a command that takes too long fails by name and time`() async throws {
        trees.install("make test") { _ in CommandOutcome(exitCode: 124, output: "", interruption: .timeout) }
        let result = try await validate(changed(["a": "x"])) { $0.validation.timeoutSeconds = 7 }
        #expect(result.outcome == .failed)
        #expect(result.issue?.contains("`make test` took longer than 7 s") == true)
    }

    // MARK: Evidence

    @Test func `evidence is of the tree and of what ran, and is signed`() async throws {
        trees.state.withLock { $0.digest = "d" }
        let head = changed(["calc.py": Self.calc + "# sub\n"])
        let signed = try validation(try await validate(head)).signed
        #expect(EvidenceSignature.verify(signed.signature, of: signed.evidence, with: signing.verifyKey))
        let tree = try await repository.tree(of: head)
        #expect(
            signed.evidence
                == Evidence(
                    workflowID: "w", baseCommit: base.text, tree: tree.text, success: true,
                    requested: ["make test"], commands: ["make test"], exitCodes: [0], setup: "d"))
    }

    @Test func `evidence of a failure says what failed, and names no command that was not run`() async throws {
        trees.install("make test", MemoryTrees.exits(3))
        let failed = try validation(try await validate(changed(["a": "x"]))).signed.evidence
        #expect(!failed.success && failed.commands == ["make test"] && failed.exitCodes == [3])
        trees.state.withLock { $0.missing = ["python3"] }
        let chosen = try await validate(changed(["a": "x"])) { $0.validation.commands = [] }
        let missing = try validation(chosen).signed.evidence
        #expect(!missing.success && missing.requested.count == 1 && missing.commands == [])
    }

    // MARK: What is not validated at all

    @Test func `another tree than the coder recorded is no tree to validate, and nothing is told`() async throws {
        let head = changed(["a": "x"])
        let failure = await #expect(throws: StageFailure.self) {
            try await validate(head, recorded: String(repeating: "b", count: 40))
        }
        #expect(failure?.status == .internalError)
        #expect(journal.names.isEmpty && trees.ran.isEmpty)
        let tree = try await repository.tree(of: head)
        #expect(try await validate(head, recorded: tree.text).outcome == .succeeded)
    }

    @Test func `a change outside of its scope fails by name, and no command runs`() async throws {
        let result = try await validate(changed(["src/a": "x", "docs/b": "y"])) { $0.agent.scopePaths = ["src"] }
        #expect(result.outcome == .failed)
        #expect(result.issue?.contains("docs/b") == true && result.issue?.contains("src/a") == false)
        #expect(trees.ran.isEmpty)
        #expect(try validation(result).signed.evidence.commands == [])
    }

    @Test func `a change whose packages cannot be installed fails, and no command runs`() async throws {
        trees.state.withLock { $0.issue = "What the change names cannot be installed" }
        let result = try await validate(changed(["package-lock.json": "{}"]))
        #expect(result.outcome == .failed && result.issue == "What the change names cannot be installed")
        #expect(trees.ran.isEmpty)
    }

    @Test func `a base whose packages cannot be installed is another try, and nothing is told`() async throws {
        trees.state.withLock { $0.obstacle = StageFailure(.validationFailed, "npm is down", isRetriable: true) }
        let failure = await #expect(throws: StageFailure.self) { try await validate(changed(["a": "x"])) }
        #expect(failure?.isRetriable == true)
        #expect(journal.names.isEmpty)
    }

    // MARK: Commands that write

    /// A command that brings a file into a form.
    private func installFormatter() {
        trees.install("make format") { files in
            let text = files["calc.py"] ?? ""
            if !text.hasSuffix("# formatted\n") { files["calc.py"] = text + "# formatted\n" }
            return CommandOutcome(exitCode: 0, output: "")
        }
    }

    private func formatting(_ request: inout TaskRequest) {
        request.validation.commands = ["make format", "make test"]
        request.validation.write = true
    }

    @Test func `a command that changes the tree fails, unless the task lets it`() async throws {
        installFormatter()
        let result = try await validate(changed(["calc.py": "x\n"])) { $0.validation.commands = ["make format"] }
        #expect(result.outcome == .failed)
        #expect(result.issue?.contains("`make format` changed files of the tree") == true)
        #expect(journal.names == ["start"])
    }

    @Test func `what commands write is kept, and validated in its turn`() async throws {
        installFormatter()
        let result = try await validate(changed(["calc.py": "x\n"]), formatting)
        #expect(result.outcome == .succeeded)
        // The third time is on the base, to count its tests.
        #expect(trees.ran == Array(repeating: ["make format", "make test"], count: 3).flatMap(\.self))
        #expect(journal.names == ["start", "written"])
        let written = repository.commit(start.merging(["calc.py": "x\n# formatted\n"]) { $1 })
        let tree = try await repository.tree(of: written)
        #expect(journal.outcomes.last?.checkpoint?.tree == tree.text)
        #expect(try validation(result).signed.evidence.tree == tree.text)
        #expect(journal.changes.difference == Difference(filesChanged: 1, insertions: 2, deletions: 2))
    }

    @Test func `commands that never come to an end are stopped after three trees`() async throws {
        trees.install("make format") { files in
            files["calc.py", default: ""] += "again\n"
            return CommandOutcome(exitCode: 0, output: "")
        }
        let result = try await validate(changed(["calc.py": "x\n"]), formatting)
        #expect(result.outcome == .failed && result.issue?.contains("let them come to an end") == true)
        #expect(journal.names == ["start", "written", "written", "written"])
    }

    @Test func `what cannot be kept fails with what to do`() async throws {
        installFormatter()
        trees.state.withLock { $0.refusal = CheckpointRefusal("The work tree is too large") }
        let large = try await validate(changed(["calc.py": "x\n"]), formatting)
        #expect(large.outcome == .failed && large.issue == "The work tree is too large")
        trees.state.withLock { ($0.refusal, $0.leavesOut) = (nil, true) }
        let left = try await validate(changed(["calc.py": "x\n"]), formatting)
        #expect(left.outcome == .failed && left.issue?.contains("cannot be kept") == true)
        #expect(journal.names == ["start"])
    }

    @Test func `whoever goes on begins with the last tree that was written, and tells the start no second time`()
        async throws
    {
        installFormatter()
        // How it ended was not recorded.
        let first = try await validate(changed(["calc.py": "x\n"]), formatting)
        let kept = try #require(journal.outcomes.last?.checkpoint.flatMap { ObjectID($0.commit) })
        let second = try await validate(kept, recorded: journal.outcomes.last?.checkpoint?.tree, formatting)
        #expect(try validation(first).signed.evidence == validation(second).signed.evidence)
        #expect(journal.names == ["start", "written"])
        #expect(journal.events.count == 1)
    }

    @Test func `an owner that dies before it records what was written leaves nothing of it`() async throws {
        installFormatter()
        let head = changed(["calc.py": "x\n"])
        await #expect(throws: MemoryJournal.Death.self) { try await validate(head, dyingAfter: 1, formatting) }
        #expect(journal.names == ["start"])
        #expect(try await validate(head, formatting).outcome == .succeeded)
        #expect(journal.names == ["start", "written"])
    }

    // MARK: Tests of the base

    @Test func `tests that the change takes away fail it, unless the task asks for that`() async throws {
        let head = changed(["tests/test_calc.py": nil, "tests/test_new.py": "def test_new(): pass\n"])
        let result = try await validate(head)
        #expect(result.outcome == .failed && result.issue?.contains("takes away the tests of the base") == true)
        let asked = try await validate(head) { $0.task.requirements = ["Remove tests/test_calc.py"] }
        #expect(asked.outcome == .succeeded)
    }

    @Test func `fewer tests than on the base fail what passes`() async throws {
        let head = changed(["tests/test_calc.py": "def test_add():\n    assert add(1, 1) == 2\n"])
        let result = try await validate(head)
        #expect(result.outcome == .failed)
        #expect(result.issue?.contains("On the base 2 test(s) ran, here 1") == true)
        #expect(try !validation(result).signed.evidence.success)
    }

    @Test func `the base is counted once for all tasks that start from it`() async throws {
        for text in ["x\n", "y\n", "z\n"] { _ = try await validate(changed(["calc.py": text])) }
        #expect(trees.ran.count == 4)
    }

    @Test func `what fails by itself is not counted on the base`() async throws {
        trees.install("make test", MemoryTrees.exits(1, "1 failed, 1 passed in 0.1s"))
        _ = try await validate(changed(["calc.py": "x\n"]))
        #expect(trees.ran == ["make test"])
    }
}
