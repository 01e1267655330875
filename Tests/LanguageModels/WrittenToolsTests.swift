import Foundations
import Testing

@testable import LanguageModels

@Suite struct WrittenToolsTests {
    private static let tool = ToolDefinition(
        name: "read_file", description: "Reads.", parameters: ["type": "object", "properties": ["file_path": [:]]])
    private static let call = ToolCall(
        id: "a", name: "read_file", arguments: #"{"file_path":"a"}"#, extras: ["extra_content": 1])

    private func body(_ messages: [ChatMessage], tools: [ToolDefinition] = [Self.tool]) throws -> JSONValue {
        let profile = ProviderProfile().applying(.writtenCalls)
        let request = ChatRequest(model: "m", messages: messages, tools: tools)
        return try JSONValue(encoding: CompletionRequest(request: request, profile: profile, origin: "here"))
    }

    @Test func `tools, calls and results are texts`() throws {
        var said = ChatMessage.assistant("I look.", toolCalls: [Self.call, Self.call])
        (said.extras, said.origin) = (["reasoning_content": "Hm."], "here")
        let body = try body([
            .system("Be good."), .user("Do it."), said, .tool("one", answering: "a"), .tool("two", answering: "a"),
            .user("Go on."),
        ])
        #expect(body["tools"] == nil)
        let messages = try #require(body["messages"]?.arrayValue)
        #expect(messages.map { $0["role"]?.stringValue } == ["system", "user", "assistant", "user"])
        #expect(messages.allSatisfy { Set($0.objectValue?.keys.map(\.self) ?? []) == ["role", "content"] })
        let texts = messages.compactMap { $0["content"]?.stringValue }
        #expect(texts[0].hasPrefix("Be good.\n\n# Tools\n"))
        #expect(texts[0].contains(#""name":"read_file""#) && texts[0].contains(#""file_path":{}"#))
        let written = "<tool_call>\n{\"name\": \"read_file\", \"arguments\": {\"file_path\":\"a\"}}\n</tool_call>"
        #expect(texts[2] == "I look.\n\(written)\n\(written)")
        #expect(
            texts[3]
                == "<tool_response>\none\n</tool_response>\n\n<tool_response>\ntwo\n</tool_response>\n\nGo on.")
    }

    @Test func `where nobody instructs the tools are the instructions`() throws {
        let messages = try #require(try body([.user("Do it.")])["messages"]?.arrayValue)
        #expect(messages.map { $0["role"]?.stringValue } == ["system", "user"])
        #expect(messages[0]["content"]?.stringValue?.hasPrefix("# Tools") == true)
    }

    @Test func `without tools nothing is described, and no text is blank`() throws {
        let asked = try body([.user("Sum it up."), .assistant(nil, toolCalls: [Self.call])], tools: [])
        let messages = try #require(asked["messages"]?.arrayValue)
        #expect(messages.map { $0["role"]?.stringValue } == ["user", "assistant"])
        #expect(messages[1]["content"]?.stringValue?.hasPrefix("<tool_call>") == true)
    }
}
