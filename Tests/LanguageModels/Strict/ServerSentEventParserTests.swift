import Foundation
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct ServerSentEventParserTests {
    private func parse(_ pieces: [Data]) -> [ServerSentEvent] {
        var parser = ServerSentEventParser()
        return pieces.flatMap { parser.consume($0) }
    }

    private func parse(_ text: String) -> [ServerSentEvent] { parse([Data(text.utf8)]) }

    /// Texts and what the standard makes of them.
    static let samples: [(String, [ServerSentEvent])] = [
        ("data: one\n\n", [.init(data: "one")]),
        ("data:one\n\n", [.init(data: "one")]),
        ("data:  one\n\n", [.init(data: " one")]),
        (
            "data: one\r\n\r\ndata: two\r\rdata: three\n\n",
            [.init(data: "one"), .init(data: "two"), .init(data: "three")]
        ),
        ("data: one\ndata: two\n\n", [.init(data: "one\ntwo")]),
        ("data\n\n", [.init(data: "")]),
        ("data\ndata\n\n", [.init(data: "\n")]),
        ("event: ping\ndata: x\n\ndata: y\n\n", [.init(event: "ping", data: "x"), .init(data: "y")]),
        ("event: ping\n\ndata: y\n\n", [.init(data: "y")]),
        (": comment\n\n:\ndata: x\n\n", [.init(data: "x")]),
        ("id: 7\nretry: 10\nunknown: z\ndata: x\n\n", [.init(data: "x")]),
        ("\u{FEFF}data: x\n\n", [.init(data: "x")]),
        ("data: {\"text\":\"größer 🐟 日本\"}\r\n\r\n", [.init(data: "{\"text\":\"größer 🐟 日本\"}")]),
        ("data: x", []), ("data: x\n", []), ("data: x\r\n", []), ("", []), ("\n\n\n", []),
        ("\r\n\r\ndata: x\r\n\r\n\r\n", [.init(data: "x")]),
        ("data: a:b: c\n\n", [.init(data: "a:b: c")]),
    ]

    @Test(arguments: samples)
    func `events are read as the standard says`(_ text: String, _ events: [ServerSentEvent]) {
        #expect(parse(text) == events)
    }

    @Test(arguments: samples)
    func `pieces may be split at every byte`(_ text: String, _ events: [ServerSentEvent]) {
        let bytes = Data(text.utf8)
        for border in 0...bytes.count {
            #expect(parse([bytes.prefix(border), bytes.dropFirst(border)]) == events)
        }
        #expect(parse(bytes.map { Data([$0]) }) == events)
    }

    @Test func `random streams, split at random, give the events that made them`() {
        for _ in 0..<300 {
            var (text, events) = ("", [ServerSentEvent]())
            for _ in 0..<Int.random(in: 0...6) {
                let end = ["\n", "\r", "\r\n"].randomElement() ?? "\n"
                let lines = (0..<Int.random(in: 1...3)).map { _ in
                    String((0..<Int.random(in: 0...9)).compactMap { _ in "ab: é🐟\t".randomElement() })
                }
                if Bool.random() { text += ": note\(end)" }
                text += lines.map { "data: \($0)\(end)" }.joined() + end
                events.append(.init(data: lines.joined(separator: "\n")))
            }
            var (pieces, rest) = ([Data](), Data(text.utf8))
            while !rest.isEmpty {
                let count = Int.random(in: 1...7)
                pieces.append(Data(rest.prefix(count)))
                rest = Data(rest.dropFirst(count))
            }
            #expect(parse(pieces) == events)
        }
    }
}
