import Foundations
import Testing

@testable import LanguageModels

@Suite struct PairingCheckTests {
    private func call(_ id: String) -> ToolCall { ToolCall(id: id, name: "look", arguments: "{}") }

    @Test func `a conversation whose calls are answered is valid, in any order`() {
        let messages: [ChatMessage] = [
            .user("?"), .assistant(nil, toolCalls: [call("a"), call("b")]), .tool("2", answering: "b"),
            .tool("1", answering: "a"), .assistant("done"),
        ]
        #expect(PairingCheck.violations(in: messages).isEmpty)
        #expect(PairingCheck.repaired(messages) == messages)
    }

    @Test func `each violation is told`() {
        func violations(_ messages: [ChatMessage]) -> [PairingCheck.Violation] { PairingCheck.violations(in: messages) }
        #expect(violations([.assistant(nil, toolCalls: [call("a")])]) == [.unanswered("a")])
        #expect(
            violations([.assistant(nil, toolCalls: [call("a")]), .user("?"), .tool("1", answering: "a")])
                == [.unanswered("a"), .orphan("a")])
        #expect(
            violations([
                .assistant(nil, toolCalls: [call("a")]), .tool("1", answering: "a"), .tool("2", answering: "a"),
            ]) == [.orphan("a")])
        #expect(violations([.tool("1", answering: "a")]) == [.orphan("a")])
        #expect(violations([ChatMessage(role: .tool, content: "1")]) == [.orphan("")])
        #expect(
            violations([ChatMessage(role: .user, content: "", toolCalls: [call("a")])]).contains(.misplacedCalls("a")))
        let twice: [ChatMessage] = [.assistant(nil, toolCalls: [call("a")]), .tool("1", answering: "a")]
        #expect(violations(twice + twice) == [.duplicateCall("a")])
    }

    @Test func `a repair keeps what can be kept`() {
        let repaired = PairingCheck.repaired([
            .tool("orphan", answering: "x"), .assistant(nil, toolCalls: [call("a"), call("a"), call("b")]),
            .tool("first", answering: "a"), .tool("second", answering: "a"), .user("go on"),
            .assistant(nil, toolCalls: [call("a")]), .tool("third", answering: "a"),
        ])
        #expect(
            repaired == [
                .assistant(nil, toolCalls: [call("a"), call("a-2"), call("b")]), .tool("first", answering: "a"),
                .tool("second", answering: "a-2"), .tool(PairingCheck.lostResult, answering: "b"), .user("go on"),
                .assistant(nil, toolCalls: [call("a-3")]), .tool("third", answering: "a-3"),
            ])
    }

    @Test func `any list can be mended, and mending again changes nothing`() {
        func id() -> String { ["a", "b", "c", "a-2", ""].randomElement() ?? "" }
        for _ in 0..<3000 {
            let messages = (0..<Int.random(in: 0...10)).map { number -> ChatMessage in
                switch Int.random(in: 0...5) {
                case 0: .user("\(number)")
                case 1, 2: .assistant("\(number)", toolCalls: (0..<Int.random(in: 0...3)).map { _ in call(id()) })
                case 3: ChatMessage(role: .system, content: nil, toolCalls: Bool.random() ? [call(id())] : [])
                default: ChatMessage(role: .tool, content: "\(number)", toolCallID: Bool.random() ? id() : nil)
                }
            }
            let repaired = PairingCheck.repaired(messages)
            #expect(PairingCheck.violations(in: repaired).isEmpty)
            #expect(PairingCheck.repaired(repaired) == repaired)
            #expect(repaired.filter { $0.role != .tool }.count == messages.filter { $0.role != .tool }.count)
        }
    }

    @Test(arguments: ["", "{", "{\"a\":", "[1]", "null", "7", "\"x\"", "{\"a\":1} trailing", "not json"])
    func `arguments that are no JSON object are replayed as an empty one`(_ arguments: String) {
        #expect(ToolCall(id: "a", name: "look", arguments: arguments).replayableArguments == "{}")
    }

    @Test(arguments: ["{}", "{\"a\": [1, {\"b\": null}]}", " {\"größe\":\"🐟\"}\n"])
    func `arguments that are a JSON object are replayed as they are`(_ arguments: String) {
        #expect(ToolCall(id: "a", name: "look", arguments: arguments).replayableArguments == arguments)
    }

    @Test func `messages keep their stored form`() throws {
        let messages: [ChatMessage] = [
            .user("?"), .assistant(nil, toolCalls: [call("a")]), .tool("1", answering: "a"), .assistant(""),
        ]
        let text = try JSONValue(encoding: messages).text()
        #expect(try JSONValue(parsing: text).decode([ChatMessage].self) == messages)
        #expect(text.contains(#"{"role":"assistant","tool_calls":[{"arguments":"{}","id":"a","name":"look"}]}"#))
    }
}
