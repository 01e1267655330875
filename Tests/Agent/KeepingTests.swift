import Agent
import Foundations
import LanguageModels
import Synchronization
import Testing

/// What a conversation makes of a work tree that is kept call by call.
@Suite(.timeLimit(.minutes(1)))
struct KeepingTests {
    /// Notes what it is told, and refuses to keep the tree as often as it was asked to.
    private final class PickyWorkspace: Workspace {
        let root: String
        private let state: Mutex<(written: [[String]], refusals: Int)>

        init(_ root: String, refusals: Int) {
            self.root = root
            state = Mutex(([], refusals))
        }

        var written: [[String]] { state.withLock { $0.written } }

        func checkpoint(label: String, written: [String], asks: Bool) async throws -> KeptWork {
            try state.withLock { state in
                state.written.append(written)
                guard state.refusals == 0 else {
                    state.refusals -= 1
                    throw ToolError("The work tree is too large to be kept.")
                }
            }
            return KeptWork(notes: written.map { "note: \($0) is kept" })
        }
    }

    private func results(_ model: PlayedModel) -> [String] {
        model.requests.last?.messages.filter { $0.role == .tool }.compactMap(\.content) ?? []
    }

    @Test func `the files that file tools write are named, and what became of them is told`() async throws {
        try await AgentFixture.with { fixture in
            let model = PlayedModel([
                .call("write_file", ["file_path": "./prod.env", "content": "A=1"]),
                .call("edit_file", ["file_path": "/workspace/prod.env", "old_text": "1", "new_text": "2"]),
                .call("run_shell_command", ["command": "cp prod.env other.env"]), .finish(),
            ])
            let workspace = PickyWorkspace(fixture.root, refusals: 0)
            _ = try await fixture.conversation(model, workspace: workspace).run()
            #expect(workspace.written == [["prod.env"], ["prod.env"], [], []])
            #expect(results(model).prefix(2).allSatisfy { $0.hasSuffix("\nnote: prod.env is kept") })
        }
    }

    @Test func `nobody ends with work that cannot be kept`() async throws {
        try await AgentFixture.with { fixture in
            let write = PlayedModel.Line.call("write_file", ["file_path": "a", "content": "x"])
            let model = PlayedModel([write, .finish("too early"), .finish("mended")])
            let workspace = PickyWorkspace(fixture.root, refusals: 2)
            let outcome = try await fixture.conversation(model, workspace: workspace).run()
            #expect(outcome.end == .finished(FinalCall(name: "finish", arguments: ["summary": "mended"])))
            #expect(results(model).allSatisfy { $0.contains("error: The work tree is too large to be kept.") })
            #expect(results(model).count == 2)
        }
    }

    /// Asks about one folder, once.
    private final class AskingWorkspace: Workspace {
        let root: String
        private let state = Mutex((asked: false, calls: [(written: [String], asks: Bool)]()))

        init(_ root: String) { self.root = root }

        var calls: [(written: [String], asks: Bool)] { state.withLock { $0.calls } }

        func checkpoint(label: String, written: [String], asks: Bool) async throws -> KeptWork {
            try state.withLock { state in
                state.calls.append((written, asks))
                defer { state.asked = state.asked || asks }
                guard state.asked || !asks else { throw ToolError("Not finished yet: dist.") }
            }
            return KeptWork()
        }
    }

    @Test func `the end names what is meant of what commands left`() async throws {
        try await AgentFixture.with { fixture in
            try fixture.put("dist/a.js", "x")
            let model = PlayedModel([
                .finish("first"), .call("finish", ["summary": "second", "include": ["nowhere"]]),
                .call("finish", ["summary": "third", "include": ["./dist"]]),
            ])
            let workspace = AskingWorkspace(fixture.root)
            let outcome = try await fixture.conversation(model, workspace: workspace).run()
            guard case .finished(let call) = outcome.end else { throw ToolError("\(outcome.end)") }
            #expect(call.arguments["summary"] == "third")
            #expect(workspace.calls.map(\.written) == [[], [], ["dist"]])
            #expect(workspace.calls.map(\.asks) == [true, false, true])
            #expect(results(model).first?.contains("Not finished yet: dist.") == true)
        }
    }

    @Test func `nobody is asked in the last turn`() async throws {
        try await AgentFixture.with { fixture in
            let workspace = AskingWorkspace(fixture.root)
            let outcome = try await fixture.conversation(
                PlayedModel([.finish("only")]), limits: ConversationLimits(maxIterations: 1), workspace: workspace
            ).run()
            #expect(outcome.end == .finished(FinalCall(name: "finish", arguments: ["summary": "only"])))
        }
    }
}
