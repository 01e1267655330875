import Foundation
import Foundations
import TestSupport
import Testing

@testable import LanguageModels

@Suite(.timeLimit(.minutes(1))) struct ReplyReaderTests {
    private func read(_ pieces: [Data]) -> [ReplyReader.Event] {
        var reader = ReplyReader()
        return pieces.flatMap { reader.consume($0) } + reader.finish()
    }

    private func read(_ text: String) -> [ReplyReader.Event] { read([Data(text.utf8)]) }

    private static func value(_ json: JSONValue, event: String = "") -> ReplyReader.Event {
        .value(ReplyReader.Value(json: json, event: event))
    }

    /// Bodies and what they hold.
    static let samples: [(String, [ReplyReader.Event])] = [
        ("data: {\"a\":1}\n\n", [value(["a": 1])]),
        ("data:{\"a\":1}\r\rdata:  {\"b\":2}\r\n\r\n", [value(["a": 1]), value(["b": 2])]),
        ("data: {\"a\":1}\ndata: {\"b\":2}\ndata: [DONE]", [value(["a": 1]), value(["b": 2]), .end]),
        ("data: {\"a\":\ndata: 1}\n\n", [value(["a": 1])]),
        ("\u{FEFF}data: {\"a\":1}\n\ndata: \u{FEFF}{\"b\":2}\n\n", [value(["a": 1]), value(["b": 2])]),
        ("  Data: data: {\"a\":1}\n\n", [value(["a": 1])]),
        ("data: [DONE] \n", [.end]), ("data:  [done]\n", [.end]), ("data: \"[DONE]\"\n", [.end]), ("[DONE]", [.end]),
        ("data: {\"a\":1}[DONE]\n\n", [value(["a": 1]), .end]),
        (": note\n\n:\ndata: \n\ndata:\n\nid: 7\nretry: 10\ndata\n\n", []),
        ("data: : OPENROUTER PROCESSING\n\n", [.text(": OPENROUTER PROCESSING", event: "")]),
        ("event: ping\ndata: {}\n\ndata: {}\n\n", [value([:], event: "ping"), value([:])]),
        ("event: error\ndata: Oh no\n\n", [.text("Oh no", event: "error")]),
        ("{\"a\":1}", [value(["a": 1])]),
        ("{\"a\":1}{\"b\":2} {\"c\":3}", [["a": 1], ["b": 2], ["c": 3]].map { value($0) }),
        ("{\"a\":1}\n{\"b\":2}\n", [value(["a": 1]), value(["b": 2])]),
        ("[{\"a\":1}\n,\n\n{\"b\":2}]", [value(["a": 1]), value(["b": 2])]),
        ("{\n  \"a\": {\n\n    \"b\": \"}\\\"{\"\n  }\n}\n", [value(["a": ["b": "}\"{"]])]),
        ("data: {\"a\":\"x\ny\"}\n\n", [value(["a": "x\ny"])]),
        ("data: {\"a\":1e999,\"b\":NaN,\"c\":-Infinity}\n\n", [value(["a": "1e999", "b": nil, "c": nil])]),
        ("data: {\"a\n\ndata: {\"b\":2}\n\n", [.malformed, value(["b": 2])]),
        ("data: {\"a\" 1}\n\n", [.malformed]), ("data: {\"a\":", []), ("", []), ("\n\n\r\n\r", []),
        ("<html>\n[INFO] up\n{not json}", ["<html>", "[INFO] up", "{not json}"].map { .text($0, event: "") }),
        ("data: \"{\\\"a\\\":1}\"\n\n", [value(["a": 1])]), ("data: \"{oops\"\n\n", [.text("\"{oops\"", event: "")]),
        (
            "data: {\"a\":1}\\n\\ndata: {\"b\":2}\\r\\n\\r\\ndata: [DONE]\\n\\n",
            [value(["a": 1]), value(["b": 2]), .end]
        ),
        ("data: {\"a\":\"it\\'s \\x41\", }\n\n", [value(["a": "it's \\x41"])]),
        ("data: {\"a\":[1,\n]\n}\n", [value(["a": [1]])]),
        ("data : {\"a\":1}\n\n", [value(["a": 1])]), ("data: []\n\n", []),
        ("data: {\"a\":1}\u{0}\n", [value(["a": 1])]),
        (")]}'\n{\"a\":1}", [.text(")]}'", event: ""), value(["a": 1])]),
        ("```json\n{\"a\":1}\n```", [.text("```json", event: ""), value(["a": 1]), .text("```", event: "")]),
        ("data: null\n\ndata: {\"a\":1}\n\n", [.text("null", event: ""), value(["a": 1])]),
        ("\u{1E}{\"a\":1}\n\u{1E}{\"b\":2}\n", [value(["a": 1]), value(["b": 2])]),
        ("data: {\"t\":\"größer 🐟 日本\"}\r\n\r\n", [value(["t": "größer 🐟 日本"])]),
    ]

    @Test(arguments: samples)
    func `values are found in whatever form they come`(_ text: String, _ events: [ReplyReader.Event]) {
        #expect(read(text) == events)
    }

    @Test(arguments: samples)
    func `a body may be cut at every byte`(_ text: String, _ events: [ReplyReader.Event]) {
        let bytes = Data(text.utf8)
        for border in 0...bytes.count {
            #expect(read([bytes.prefix(border), bytes.dropFirst(border)]) == events)
        }
        #expect(read(bytes.map { Data([$0]) }) == events)
    }

    @Test func `bytes that are no text cost no value`() {
        let events = read([Data("data: {\"a\":\"".utf8), Data([0xFF, 0xC3]), Data("\"}\n".utf8)])
        #expect(events == [Self.value(["a": "\u{FFFD}\u{FFFD}"])])
    }

    @Test func `halves of a character are joined, and one alone is replaced`() throws {
        func chunk(_ text: String) -> String {
            "data: {\"choices\":[{\"delta\":{\"content\":\"\(text)\",\"r\":\"\(text)\"}}]}\n"
        }
        let reply = try ReplyText.read(
            [#"a\ud83d"#, #"\ude00 \ud83d"#, #"\uDE00\ud83d\ude00"#, #"\ude00\ud83d"#].map(chunk).joined() + "[DONE]")
        #expect(reply.message.content == "a😀 😀😀\u{FFFD}\u{FFFD}")
        #expect(reply.message.extras == ["r": "a😀 😀😀\u{FFFD}\u{FFFD}"])
        // Halves as if they were characters of their own, in bytes that are no UTF-8.
        func bytes(_ half: [UInt8]) -> Data {
            Data("data: {\"choices\":[{\"delta\":{\"content\":\"".utf8) + half + Data("\"}}]}\n".utf8)
        }
        let halves: [Data] = [bytes([0xED, 0xA0, 0xBD]), bytes([0xED, 0xB8, 0x80]), Data("[DONE]".utf8)]
        #expect(try ReplyText.read(halves).message.content == "😀")
        // Scalars that stand for halves stay themselves where there are no halves.
        #expect(try ReplyText.read(chunk("\u{10F83D}\u{10FE00}") + "[DONE]").message.content == "\u{10F83D}\u{10FE00}")
    }
}
