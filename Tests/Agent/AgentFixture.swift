import Agent
import Contracts
import Foundation
import Foundations
import LanguageModels
import Sandbox
import Synchronization

/// A work tree, this host's sandbox, and a conversation over them.
struct AgentFixture: Sendable {
    let folder: URL
    let root: String
    let context: ToolContext

    static func with(scope: PathScope = .everything, _ body: (AgentFixture) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "agent-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let root = folder.appending(path: "tree").path
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        let sandbox = try await Sandbox.detect(.bubblewrap)
        try await sandbox.prepare(workTree: root)
        try await body(
            AgentFixture(folder: folder, root: root, context: ToolContext(root: root, runner: sandbox, scope: scope)))
    }

    func put(_ path: String, _ text: String) throws {
        let url = URL(filePath: root).appending(path: path)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    func text(_ path: String) -> String? {
        FileManager.default.contents(atPath: root + "/" + path).map { String(decoding: $0, as: UTF8.self) }
    }

    func link(_ path: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: root + "/" + path, withDestinationPath: target)
    }

    /// Calls a tool of the coder the way a conversation does, errors as results.
    func call(_ name: String, _ arguments: JSONValue) async throws -> ToolResult {
        let catalogue = ToolCatalogue(.coder)
        guard let tool = catalogue.tools.first(where: { $0.name == name }) else { throw ToolError("no tool \(name)") }
        do {
            return try await tool.run(ToolArguments(arguments.text(), for: tool), in: context)
        } catch let error as ToolError {
            return ToolResult(error.message, ok: false, summary: error.message)
        }
    }

    func conversation(
        _ model: any ChatModel, journal: any StepJournal = InMemoryJournal(),
        signals: any ControlSignals = NoSignals(), limits: ConversationLimits = .init(), allowed: [String]? = nil,
        workspace: (any Workspace)? = nil
    ) -> Conversation {
        let setup = Conversation.Setup(
            model: "played", systemPrompt: "system", taskPrompt: "task",
            catalogue: ToolCatalogue(.coder, allowed: allowed), limits: limits)
        return Conversation(
            setup, model: model, journal: journal, signals: signals,
            workspace: workspace ?? CountingWorkspace(root: root), context: context)
    }
}

/// Numbers its checkpoints by what the tree holds, so that the same tree gives the same checkpoint.
struct CountingWorkspace: Workspace {
    let root: String

    func checkpoint(label: String, written: [String], asks: Bool) async throws -> KeptWork {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        return KeptWork(
            Checkpoint(commit: label, tree: names.sorted().joined(separator: ","), base: "", pack: Data()))
    }
}

/// Signals that a test sets.
final class PlayedSignals: ControlSignals {
    private let state: Mutex<(checks: Int, at: @Sendable (Int) -> ControlState)>
    private let budget = Mutex<Double?>(nil)

    var maxCostUSD: Double? {
        get { budget.withLock { $0 } }
        set { budget.withLock { $0 = newValue } }
    }

    /// Asks `at` with the number of the check, from 0.
    init(_ at: @escaping @Sendable (Int) -> ControlState) { state = Mutex((0, at)) }

    func check() async throws -> ControlState {
        state.withLock { state in
            state.checks += 1
            return state.at(state.checks - 1)
        }
    }
}
