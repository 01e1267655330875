import Contracts
import Git
import Sandbox
import Synchronization
import Testing
import ValidatorService

@Suite struct ValidationRunnerTests {
    private let sandbox = PlayedSandbox()
    private let tree = PlayedTree()

    private func run(_ plan: ValidationPlan, mayWrite: Bool = false) async throws -> ValidationRun {
        try await ValidationRunner(sandbox: sandbox, tree: tree, timeout: .seconds(5), mayWrite: mayWrite).run(plan)
    }

    private func requested(_ commands: [String]) -> ValidationPlan {
        let files = ProjectFiles(paths: [])
        return ValidationPlan(requested: commands, base: files, head: files, changed: [])
    }

    private func detected(_ paths: [String], changed: [String] = []) -> ValidationPlan {
        let files = ProjectFiles(paths: paths)
        return ValidationPlan(
            requested: [], base: files, head: files, changed: changed,
            syntax: SyntaxPlan(changed.map { SourceFile(path: $0, text: "") }))
    }

    @Test func `a detected program that is missing fails by name, and no repair is tried`() async throws {
        sandbox.missing = ["go"]
        let run = try await run(detected(["go.mod"]))
        #expect(!run.result.success && !run.isRepairable)
        #expect(run.result.issues.first?.contains("`go` is not installed") == true)
        #expect(run.result.commands.isEmpty)
    }

    @Test func `a program that is not found in time may be there`() async throws {
        (sandbox.missing, sandbox.isSlow) = (["go"], true)
        #expect(try await run(detected(["go.mod"])).result.commands.map(\.command) == ["go test ./..."])
    }

    @Test func `of two detected kinds the one that runs does not make up for the one that is missing`() async throws {
        sandbox.missing = ["go"]
        let run = try await run(detected(["go.mod", "Cargo.toml"]))
        #expect(!run.result.success && run.result.commands.map(\.command) == ["cargo test --offline"])
    }

    @Test func `a look at syntax whose program is missing is named and fails nothing`() async throws {
        sandbox.missing = ["node"]
        let run = try await run(detected(["a.js", "b.sh"], changed: ["a.js", "b.sh"]))
        #expect(run.result.success && run.result.checks?.map(\.command) == ["syntax (bash): b.sh"])
        #expect(run.result.commands.isEmpty && run.broken.isEmpty)
        #expect(run.result.issues.contains { $0.contains("`node` is not installed") && $0.contains("a.js") })
    }

    @Test func `a success over no command says so`() async throws {
        for plan in [detected(["README.md"], changed: ["README.md"]), requested([])] {
            let run = try await run(plan)
            #expect(run.result.success && run.result.issues == [ValidationRun.nothingRan])
            #expect(run.counts == nil && run.result.testsPassed == nil)
        }
    }

    @Test func `a command that changes files of the tree fails by name and the next one does not see it`() async throws
    {
        tree.differences = [TreeChanges(tracked: ["calc.py"])]
        let run = try await run(requested(["write", "check"]))
        #expect(!run.result.success && run.isRepairable)
        #expect(run.result.issues.count == 1)
        #expect(run.result.issues.first?.contains("`write` changed files of the tree") == true)
        #expect(run.result.issues.first?.contains("calc.py") == true)
        #expect(tree.timesPutBack == 1)
        #expect(run.result.commands.map(\.command) == ["write", "check"])
    }

    @Test func `the last command is compared as well`() async throws {
        tree.differences = [TreeChanges(), TreeChanges(tracked: ["calc.py"])]
        #expect(try await run(requested(["check", "write"])).result.success == false)
    }

    @Test func `a tree that cannot be read any more ends the run, and is no success`() async throws {
        tree.isUnreadable = true
        let run = try await run(requested(["hide", "check"]))
        #expect(!run.result.success && run.result.commands.map(\.command) == ["hide"])
    }

    @Test func `new files are taken away before the next command, which is said`() async throws {
        tree.differences = [TreeChanges(new: ["build/out"])]
        let run = try await run(requested(["build", "check"]))
        #expect(run.result.success && tree.timesPutBack == 1)
        #expect(run.result.suggestions.contains { $0.contains("build/out") })
    }

    @Test func `where commands may write, what they wrote stays for the next one`() async throws {
        tree.differences = [TreeChanges(tracked: ["calc.py"], new: ["gen.py"])]
        let run = try await run(requested(["write", "check"]), mayWrite: true)
        #expect(run.result.success && run.hasWritten && tree.timesPutBack == 0)
        #expect(try await self.run(requested(["check"]), mayWrite: true).hasWritten == false)
    }

    @Test func `what fails is named before what has only to be known`() async throws {
        sandbox.outputs = ["a": "no tests ran in 0.01s"]
        tree.differences = [TreeChanges(), TreeChanges(tracked: ["x"])]
        let run = try await run(requested(["a", "b"]))
        #expect(run.result.issues.first?.contains("`b` changed files") == true && run.result.issues.count == 2)
    }

    @Test func `counts are summed where they are understood, and a run of no test is named`() async throws {
        sandbox.outputs = ["a": "2 passed in 0.1s", "b": "all is well", "c": "Ran 3 tests in 0.1s\n\nOK"]
        let run = try await run(requested(["a", "b", "c"]))
        #expect(run.result.testsPassed == 5 && run.result.testsFailed == 0 && run.result.issues.isEmpty)
        sandbox.outputs = ["a": "no tests ran in 0.01s"]
        let empty = try await self.run(requested(["a"]))
        #expect(empty.result.issues == ["`a` ran no test."] && empty.result.testsPassed == 0)
    }
}

/// Plays every command: it succeeds, unless it looks for a missing program, and prints what it is told to.
private final class PlayedSandbox: CommandRunner {
    private struct State {
        var missing: Set<String> = []
        var outputs: [String: String] = [:]
        var isSlow = false
    }

    private let state = Mutex(State())

    var level: SandboxLevel { .none }

    var missing: Set<String> {
        get { state.withLock { $0.missing } }
        set { state.withLock { $0.missing = newValue } }
    }

    /// Whether looking for a program takes too long.
    var isSlow: Bool {
        get { state.withLock { $0.isSlow } }
        set { state.withLock { $0.isSlow = newValue } }
    }

    /// By the text of the command.
    var outputs: [String: String] {
        get { state.withLock { $0.outputs } }
        set { state.withLock { $0.outputs = newValue } }
    }

    func run(_ command: SandboxCommand) async throws -> CommandOutcome {
        let last = command.arguments.last ?? ""
        let isAbsent = missing.contains { command.arguments.dropFirst(2).first?.hasPrefix("\($0) --version") == true }
        if isAbsent { return CommandOutcome(exitCode: 127, output: "") }
        let isProbe = command.arguments.contains { $0.hasPrefix("command -v") }
        return CommandOutcome(
            exitCode: isProbe && missing.contains(last) ? 1 : 0, output: outputs[last] ?? "",
            interruption: isProbe && isSlow ? .timeout : nil)
    }
}

/// Plays what commands do to the tree, one after the other.
private final class PlayedTree: WatchedTree {
    private struct State {
        var differences: [TreeChanges] = []
        var isUnreadable = false
        var timesPutBack = 0
    }

    private let state = Mutex(State())

    let directory = "/nowhere"

    var differences: [TreeChanges] {
        get { state.withLock { $0.differences } }
        set { state.withLock { $0.differences = newValue } }
    }

    var isUnreadable: Bool {
        get { state.withLock { $0.isUnreadable } }
        set { state.withLock { $0.isUnreadable = newValue } }
    }

    var timesPutBack: Int { state.withLock { $0.timesPutBack } }

    func changes() async throws -> TreeChanges {
        if isUnreadable { throw GitError(.unreadable, "docs") }
        return state.withLock { $0.differences.isEmpty ? TreeChanges() : $0.differences.removeFirst() }
    }

    func putBack() async throws { state.withLock { $0.timesPutBack += 1 } }
}
