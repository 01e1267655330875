import Agent
import Foundations
import LanguageModels
import Testing

/// Conversations with models whose calls are not as they should be.
@Suite(.timeLimit(.minutes(1)))
struct MeantCallsTests {
    private static let write =
        #"<tool_call>{"name": "write_file", "arguments": {"file_path": "a", "content": "x"}}</tool_call>"#
    private static let finish = "<function=finish>\n<parameter=summary>\ndone\n</parameter>\n</function>"
    private static let hint = "the tool parser of its server seems to be off"

    @Test func `calls that stand in texts are made, and the operator is told once`() async throws {
        try await AgentFixture.with { fixture in
            let model = PlayedModel([.text("I write it.\n\(Self.write)"), .text(Self.finish)])
            let journal = InMemoryJournal()
            let outcome = try await fixture.conversation(model, journal: journal).run()
            #expect(outcome.end == .finished(FinalCall(name: "finish", arguments: ["summary": "done"])))
            #expect(fixture.text("a") == "x")
            let remarks = journal.records.compactMap(\.outcome.remark)
            #expect(remarks.count == 1)
            #expect(remarks.first?.contains(Self.hint) == true)
            // The journal keeps the reply as it came; the conversation goes on with the call as one of its own.
            let recorded = journal.records.first?.outcome.result["reply"]?["message"]
            #expect(recorded?["content"]?.stringValue?.hasSuffix(Self.write) == true)
            let message = try #require(model.requests.last?.messages.first { $0.role == .assistant })
            #expect(message.content == "I write it.")
            #expect(message.toolCalls.map(\.id) == ["written-1-1"])
        }
    }

    @Test func `a run that goes on makes the same calls of the same texts`() async throws {
        try await AgentFixture.with { fixture in
            let list = "[TOOL_CALLS]list_directory{}"
            let lines: [PlayedModel.Line] = [.text(list), .text("hm"), .text(list), .text(Self.finish)]
            let whole = InMemoryJournal()
            let expected = try await fixture.conversation(PlayedModel(lines), journal: whole).run()
            for kept in whole.records.indices {
                let journal = InMemoryJournal(records: Array(whole.records.prefix(kept)))
                let model = PlayedModel { _, request in lines[request.messages.count { $0.role == .assistant }] }
                let outcome = try await fixture.conversation(model, journal: journal).run()
                #expect(outcome.end == expected.end)
                #expect(journal.records.map(\.step) == whole.records.map(\.step))
                #expect(journal.records.count { $0.outcome.remark != nil } == 1)
            }
        }
    }

    @Test func `a model that only explains makes no call; the end names the server's parser`() async throws {
        try await AgentFixture.with { fixture in
            let model = PlayedModel([.text("A call looks so:\n```\n\(Self.write)\n```\nDo you see?")])
            let outcome = try await fixture.conversation(model).run()
            guard case .stuck(let reason) = outcome.end else { return #expect(Bool(false), "\(outcome.end)") }
            #expect(reason.contains(Self.hint))
            #expect(fixture.text("a") == nil)
            #expect(model.requests.last?.messages.last?.content?.contains("it stands in a code block") == true)
        }
    }

    @Test func `a model that only talks is no reason to look at the server`() async throws {
        try await AgentFixture.with { fixture in
            let journal = InMemoryJournal()
            let outcome = try await fixture.conversation(PlayedModel([.text("Done.")]), journal: journal).run()
            #expect(outcome.end == .stuck("4 replies in a row called no tool"))
            #expect(journal.records.allSatisfy { $0.outcome.remark == nil })
        }
    }

    @Test func `the same call in other spellings is a loop, and is recorded as it was written`() async throws {
        try await AgentFixture.with { fixture in
            let spellings = [
                #"{"file_path":"none","start_line":1}"#, #"{"path":"none","start_line":"1"}"#,
                #"{"filePath": "none", "start_line": 1.0,}"#, #"{"input":{"file_path":"none","start_line":1}}"#,
                #""{\"file_path\":\"none\",\"start_line\":1}""#,
            ]
            let model = PlayedModel { turn, _ in
                .calls([ToolCall(id: "c", name: "read_file", arguments: spellings[min(turn, 4)])])
            }
            let journal = InMemoryJournal()
            let outcome = try await fixture.conversation(model, journal: journal).run()
            guard case .stuck(let reason) = outcome.end else { return #expect(Bool(false), "\(outcome.end)") }
            #expect(reason.contains("5 times"))
            let recorded = journal.records.compactMap {
                $0.outcome.result["reply"]?["message"]?["tool_calls"]?.arrayValue?.first?["arguments"]?.stringValue
            }
            #expect(recorded == spellings)
        }
    }

    @Test(arguments: [
        "functions.finish:0", "Finish", "finish<|channel|>commentary", "default_api.finish", "FINISH", "finish ",
        "functions.finish", "repo_browser.finish", "finish:12", "tools.Finish",
    ])
    func `a tool's name is taken for what it means`(name: String) async throws {
        try await AgentFixture.with { fixture in
            let model = PlayedModel([.call(name, ["summary": "done"])])
            let outcome = try await fixture.conversation(model).run()
            #expect(outcome.end == .finished(FinalCall(name: "finish", arguments: ["summary": "done"])))
        }
    }

    @Test func `a plan with lists as texts is a plan`() async throws {
        try await AgentFixture.with { fixture in
            let setup = Conversation.Setup(
                model: "played", systemPrompt: "s", taskPrompt: "t", catalogue: ToolCatalogue(.planner))
            let model = PlayedModel([
                .call("submit_plan", ["goal": "g", "steps": "[\"one\", \"two\"]", "files_to_modify": "a.py"])
            ])
            let outcome = try await Conversation(
                setup, model: model, journal: InMemoryJournal(), workspace: CountingWorkspace(root: fixture.root),
                context: fixture.context
            ).run()
            let arguments: JSONValue = ["goal": "g", "steps": ["one", "two"], "files_to_modify": ["a.py"]]
            #expect(outcome.end == .finished(FinalCall(name: "submit_plan", arguments: arguments)))
        }
    }
}
