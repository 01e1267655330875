import Contracts
import Foundation
import Git
import Sandbox
import Synchronization
import Worker
import Workspaces

@testable import ValidatorService

/// Work trees in memory, in which commands are functions on files.
final class MemoryTrees: ValidatorWorkplace, Sendable {
    /// What a command does to the files of its tree.
    typealias Program = @Sendable (inout MemoryRepository.Files) -> CommandOutcome

    struct State {
        /// By the text of the command. Others are not found.
        var programs: [String: Program] = [:]
        /// Programs that are not installed.
        var missing: Set<String> = []
        /// The files of which somebody looked at the syntax, a look each.
        var looks: [[String]] = []
        /// What was run, in order.
        var ran: [String] = []
        /// What is installed, and why not all of it is.
        var digest: String?
        var issue: String?
        /// Why nothing can be installed.
        var obstacle: StageFailure?
        /// Why no tree can be kept.
        var refusal: CheckpointRefusal?
        /// Whether all that commands write is of a kind that is left out.
        var leavesOut = false
    }

    let state: Mutex<State>
    let level = SandboxLevel.bubblewrap
    let repository: MemoryRepository

    init(_ repository: MemoryRepository, _ programs: [String: Program] = [:]) {
        self.repository = repository
        state = Mutex(State(programs: programs))
    }

    /// What was run so far, in order, but for looks at syntax.
    var ran: [String] { state.withLock { $0.ran } }

    var looks: [[String]] { state.withLock { $0.looks } }

    /// Runs from now on at this text.
    func install(_ command: String, _ program: @escaping Program) {
        state.withLock { $0.programs[command] = program }
    }

    func prepare(for head: ObjectID) async throws -> any PreparedWorkplace {
        try state.withLock { state -> PreparedMemoryTrees in
            if let obstacle = state.obstacle { throw obstacle }
            return PreparedMemoryTrees(trees: self, digest: state.digest, issue: state.issue)
        }
    }

    fileprivate func run(_ command: SandboxCommand, on files: inout MemoryRepository.Files) -> CommandOutcome {
        let text = command.arguments.last ?? ""
        if let checker = SyntaxChecker.all.first(where: { $0.isAsked(by: command) }) {
            return look(checker, at: command.arguments.dropFirst(4).map { String($0.dropFirst(2)) }, files)
        }
        return state.withLock { state in
            if command.arguments.contains(where: { $0.hasPrefix("command -v") }) {
                return CommandOutcome(exitCode: state.missing.contains(text) ? 1 : 0, output: "")
            }
            state.ran.append(text)
            return state.programs[text]?(&files) ?? CommandOutcome(exitCode: 127, output: "\(text): not found")
        }
    }

    /// A file cannot be read where it says so, and nobody can tell where it says that.
    private func look(
        _ checker: SyntaxChecker, at paths: [String], _ files: MemoryRepository.Files
    ) -> CommandOutcome {
        state.withLock { state in
            state.looks.append(paths)
            guard !state.missing.contains(checker.program) else { return CommandOutcome(exitCode: 127, output: "") }
            let texts = paths.map { files[$0] ?? "" }
            if texts.contains(where: { $0.contains("cannot tell") }) { return CommandOutcome(exitCode: 3, output: "") }
            let broken = zip(paths, texts).filter { $0.1.contains("cannot be read") }.map(\.0)
            return CommandOutcome(
                exitCode: broken.isEmpty ? 0 : 1, output: broken.map { "\($0): SyntaxError" }.joined(separator: "\n"))
        }
    }
}

extension SyntaxChecker {
    func isAsked(by command: SandboxCommand) -> Bool { arguments(for: []) == Array(command.arguments.prefix(4)) }
}

extension MemoryTrees {
    /// Ends with this exit code.
    static func exits(_ code: Int32, _ output: String = "") -> Program {
        { _ in CommandOutcome(exitCode: code, output: output) }
    }

    /// Runs the tests that the files declare: those pass that do not say that they fail.
    static let runsTests: Program = { files in
        let tests = files.values.flatMap { $0.split(separator: "\n") }.filter { $0.hasPrefix("def test_") }
        let failed = tests.count { $0.contains("fails") }
        let passed = "\(tests.count - failed) passed in 0.1s"
        return failed == 0
            ? CommandOutcome(exitCode: 0, output: passed)
            : CommandOutcome(exitCode: 1, output: "\(failed) failed, \(passed)")
    }
}

struct PreparedMemoryTrees: PreparedWorkplace {
    let trees: MemoryTrees
    let digest: String?
    let issue: String?

    func withTree<T: Sendable>(
        at commit: ObjectID, _ body: (any ValidatorTree) async throws -> T
    ) async throws -> T {
        try await body(MemoryTree(trees, at: commit))
    }
}

/// The files of a commit, and what commands made of them.
final class MemoryTree: ValidatorTree, CommandRunner {
    let directory = "/nowhere"
    private let trees: MemoryTrees
    private let commit: ObjectID
    private let start: MemoryRepository.Files
    private let files: Mutex<MemoryRepository.Files>

    init(_ trees: MemoryTrees, at commit: ObjectID) throws {
        self.trees = trees
        self.commit = commit
        start = try trees.repository.files(of: commit)
        files = Mutex(start)
    }

    var runner: any CommandRunner { self }
    var level: SandboxLevel { trees.level }

    func run(_ command: SandboxCommand) async throws -> CommandOutcome {
        files.withLock { trees.run(command, on: &$0) }
    }

    func changes() async throws -> TreeChanges {
        files.withLock { files in
            TreeChanges(
                tracked: start.keys.filter { files[$0] != start[$0] }.sorted(),
                new: files.keys.filter { start[$0] == nil }.sorted())
        }
    }

    func putBack() async throws { files.withLock { $0 = start } }

    func remove(_ paths: [String]) throws {
        files.withLock { files in for path in paths { files[path] = nil } }
    }

    func checkpoint() async throws -> (checkpoint: Checkpoint, commit: ObjectID)? {
        if let refusal = trees.state.withLock({ $0.refusal }) { throw refusal }
        if trees.state.withLock({ $0.leavesOut }) { return nil }
        let kept = trees.repository.commit(files.withLock { $0 })
        let tree = try await trees.repository.tree(of: kept)
        return (Checkpoint(commit: kept.text, tree: tree.text, base: commit.text, pack: Data()), kept)
    }
}
