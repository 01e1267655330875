import Foundation
import Foundations
import LanguageModels
import TestSupport
import Testing

@testable import Agent

/// Replies made of the pieces that calls in texts are made of.
struct WrittenCallsFuzzTests {
    private static let pieces = [
        "<tool_call>", "</tool_call>", "<function=read_file>", "</function>", "<parameter=file_path>", "</parameter>",
        "<|python_tag|>", "[TOOL_CALLS]", "[ARGS]", "<｜tool▁calls▁begin｜>", "<｜tool▁call▁begin｜>", "<｜tool▁sep｜>",
        "<｜tool▁call▁end｜>", "<invoke name=\"read_file\">", "</invoke>", "<parameter name=\"file_path\">", "read_file",
        "function", "{\"name\": \"read_file\", \"arguments\": {\"file_path\": \"a\"}}", "{\"file_path\": \"a\"}", "```",
        "```json\n", "\n", " ", "`", "a", ":", ";", "{", "}", "[", "]", "\"", "<", ">", "<arg_key>", "</arg_key>",
        "<arg_value>", "</arg_value>", "<think>", "</think>", "<tool_response>", "é", "\u{0}", "    ",
    ]

    @Test func `whatever a reply holds, the calls that are made are whole and fit`() throws {
        let catalogue = ToolCatalogue(.coder)
        var (fuzzer, random) = (Fuzzer(seed: 20), SeededNumbers(seed: 21))
        var made = 0
        for round in 0..<2_500 * Fuzzer.factor {
            var text = (0..<Int.random(in: 1...8, using: &random)).compactMap { _ in
                Self.pieces.randomElement(using: &random)
            }.joined()
            if round % 4 == 0 { text = String(decoding: fuzzer.variant(of: Data(text.utf8)), as: UTF8.self) }
            guard case .calls(let calls, let rest) = WrittenCalls.read(.assistant(text), catalogue) else { continue }
            made += 1
            #expect(!calls.isEmpty && rest.utf8.count < text.utf8.count, "\(text)")
            for call in calls {
                #expect(try ToolArguments(call.arguments ?? "{}", for: catalogue.tool(call.name)).value != .null)
            }
        }
        #expect(made > 0)
    }

    @Test func `hostile texts take no longer than long ones`() {
        let start = ContinuousClock.now
        for piece in [
            "<", "[", "`", "<tool_call>", "</parameter>", "```\n", "<function=x><parameter=y>", "{\"a\":", " ",
        ] {
            let text = String(repeating: piece, count: 200_000 / piece.utf8.count)
            if case .calls = WrittenCalls.read(.assistant(text), ToolCatalogue(.coder)) { Issue.record("\(piece)") }
            let value = "<function=write_file><parameter=content>\(text)"
            if case .calls = WrittenCalls.read(.assistant(value), ToolCatalogue(.coder)) { Issue.record("\(piece)") }
        }
        #expect(ContinuousClock.now - start < .seconds(30))
    }
}
