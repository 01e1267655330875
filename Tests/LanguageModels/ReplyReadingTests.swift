import Foundation
import Foundations
import Testing

@testable import LanguageModels

@Suite struct ReplyReadingTests {
    private func chunk(_ content: String, _ finish: String? = nil) throws -> String {
        try CompletionText.chunk(["content": .string(content)], finish: finish)
    }

    @Test func `a last piece that is all of a long text is no part of it`() throws {
        let text = "Here is a text of more than thirty-two bytes."
        let again = try chunk("Here is a text ") + chunk("of more than thirty-two bytes.") + chunk(text, "stop")
        #expect(try ReplyText.read(again).message.content == text)
        #expect(try ReplyText.read(chunk("ha") + chunk("ha", "stop")).message.content == "haha")
    }

    @Test func `whole messages may grow, or be pieces`() throws {
        func read(_ texts: [String]) throws -> String? {
            let chunks = try texts.map { text -> String in
                try JSONValue.object(["choices": [["message": ["content": .string(text)]]]]).text() + "\n"
            }
            return try ReplyText.read(chunks.joined() + "[DONE]").message.content
        }
        #expect(try read(["He", "Hello", "Hello there"]) == "Hello there")
        #expect(try read(["Hello", "Hello"]) == "Hello")
        #expect(try read(["He", "llo", " there"]) == "Hello there")
    }

    @Test func `a message that comes beside an empty piece counts`() throws {
        let choice: JSONValue = ["delta": ["role": "assistant", "content": ""], "message": ["content": "Hello"]]
        #expect(try ReplyText.read(CompletionText.event(["choices": [choice]]) + "[DONE]").message.content == "Hello")
    }

    @Test(arguments: [
        (
            "{\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n[ERROR] It broke.\n",
            "ended before it was whole, after these"
        ),
        ("<h1>Sign in</h1>", "not a chat completion: <h1>Sign in</h1>"), ("\n: nothing\n\n", "empty"),
    ]) func `what is wrong with a reply is told`(_ text: String, _ words: String) throws {
        let trouble = #expect(throws: ReplyReading.Trouble.self) { try ReplyText.read(text) }
        switch trouble {
        case .incomplete(let text)?: #expect(text == "[ERROR] It broke." && words.contains("ended"))
        case .unreadable?: #expect(!words.contains("ended"))
        default: Issue.record("unexpected")
        }
    }

    /// Errors of servers in use, and what is none.
    @Test(
        arguments: [
            ("{\"error\":{\"message\":\"x\"}}", true), ("{\"error\":\"x\"}", true),
            ("[{\"error\":{\"code\":400}}]", true),
            ("{\"object\":\"error\",\"message\":\"x\"}", true),
            ("{\"code\":\"A\",\"message\":\"x\",\"request_id\":\"1\"}", true),
            ("{\"detail\":[{\"msg\":\"x\"}]}", true), ("{\"errors\":[\"x\"]}", true),
            ("{\"errMsg\":\"x\",\"errCode\":1}", true),
            ("{\"base_resp\":{\"status_code\":1004,\"status_msg\":\"x\"},\"choices\":null}", true),
            ("{\"choices\":[{\"delta\":{},\"error\":{\"message\":\"x\"}}]}", true), ("{\"Message\":\"x\"}", true),
            ("event: error\ndata: {\"whatever\":1}", true), ("event: error\ndata: no JSON", true),
            ("event: ping\ndata: {\"message\":\"x\"}", false), ("{\"type\":\"ping\",\"message\":\"x\"}", false),
            ("{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"}}", true),
            ("{\"success\":false,\"message\":\"x\"}", true), ("{\"fault\":{\"faultstring\":\"x\"}}", true),
            ("event: heartbeat\ndata: {\"message\":\"x\"}", false), ("{\"error\":[]}", false),
            ("{\"error\":{\"code\":0,\"message\":\"\"}}", false), ("{\"error\":{\"message\":null}}", false),
            ("{\"error\":null}", false), ("{\"error\":{}}", false), ("{\"status\":\"ok\"}", false),
            ("{\"base_resp\":{\"status_code\":0,\"status_msg\":\"\"}}", false),
            ("{\"choices\":[],\"message\":\"x\"}", false),
        ] as [(String, Bool)]) func `an error is known in any of its shapes`(_ text: String, _ isError: Bool) throws
    {
        let trouble = #expect(throws: ReplyReading.Trouble.self) { try ReplyText.read(text) }
        if case .failure? = trouble { #expect(isError) } else { #expect(!isError) }
    }

    @Test(arguments: ["{\"code\":0,\"msg\":\"ok\",\"data\":WHOLE}", "{\"result\":WHOLE,\"success\":true}"])
    func `a reply that a gateway wraps is read`(_ wrapping: String) throws {
        let choice: JSONValue = ["message": ["content": "Hello"], "finish_reason": "stop"]
        let whole = try JSONValue.object(["choices": [choice]]).text()
        let text = try JSONValue.string(whole).text()
        #expect(try ReplyText.read(wrapping.replacing("WHOLE", with: whole)).message.content == "Hello")
        #expect(try ReplyText.read(wrapping.replacing("WHOLE", with: text)).message.content == "Hello")
        #expect(try ReplyText.read(text).message.content == "Hello")
    }

    /// Gateways in front of Claude put the words into one choice and the calls into the next.
    @Test func `choices are one reply`() throws {
        let call: JSONValue = ["id": "a", "type": "function", "function": ["name": "look", "arguments": "{}"]]
        let body: JSONValue = [
            "choices": [
                ["index": 0, "message": ["role": "assistant", "content": "Hm."], "finish_reason": "stop"],
                ["index": 1, "message": ["role": "assistant", "tool_calls": [call]], "finish_reason": "tool_calls"],
            ]
        ]
        let reply = try ReplyText.read(body.text())
        #expect(reply.message == .assistant("Hm.", toolCalls: [ToolCall(id: "a", name: "look", arguments: "{}")]))
        #expect(reply.finishReason == "tool_calls")
    }

    @Test(arguments: [
        ("error", ModelError.Code.badReply), ("function_call_filter: MALFORMED_FUNCTION_CALL", .badReply),
        ("network_error", .incompleteReply), ("insufficient_system_resource", .incompleteReply),
        ("abort", .incompleteReply), ("model_context_window_exceeded", .contextTooLong),
    ])
    func `a reason to stop that is a failure is one`(_ reason: String, _ code: ModelError.Code) throws {
        let error = #expect(throws: ModelError.self) { try ReplyText.read(chunk("Hm.", reason)) }
        #expect(error?.code == code)
        #expect(try ReplyText.read(chunk("Hm.", "content_filter")).finishReason == "content_filter")
    }

    @Test(arguments: ["{\"error\":{\"message\":\"late\"}}\n", "event: error\ndata: late\n\n"])
    func `an error behind a whole reply costs nothing`(_ error: String) throws {
        #expect(try ReplyText.read(chunk("Hello", "stop") + error).message.content == "Hello")
    }

    @Test func `what may be an error counts for nothing once the reply is whole`() throws {
        let text = try "{\"message\":\"Thinking about it.\"}\n" + chunk("Hello", "stop") + "{\"title\":\"x\"}\n"
        #expect(try ReplyText.read(text).message.content == "Hello")
        #expect(try ReplyText.read(chunk("Hello", "stop") + "{\"choices\n\ndata: 1\n").message.content == "Hello")
    }
}
