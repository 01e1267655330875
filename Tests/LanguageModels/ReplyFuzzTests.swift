import Foundation
import Foundations
import TestSupport
import Testing

@testable import LanguageModels

/// What holds of every reply, good or broken.
@Suite(.timeLimit(.minutes(5 * Fuzzer.factor))) struct ReplyFuzzTests {
    private static let rounds = 1000 * Fuzzer.factor

    private static let names = ["look", "list", "finish", "lala", "unknown"]
    private static let offered: Set<String> = ["look", "list", "finish", "lala"]
    private static let texts = [
        "", "Hello", "größer 🐟 日本\n", "  \n\n", "{\"a\":1}", "data: x\n\n", "\u{10F83D}", "e\u{301}",
    ]
    private static let arguments = [
        "", "{}", "{\"a\":\"}{\\\"\"}", "{\"f\":{\"g\":[1,2]}}", "{\"broken\":", "[1]", "{}{}",
    ]

    private func reading(_ random: inout SeededNumbers) -> StrictReader.Reading {
        var reading = StrictReader.Reading()
        reading.content = (0..<Int.random(in: 0...2, using: &random))
            .map { _ in Self.texts.randomElement(using: &random) ?? "" }.joined()
        for number in 0..<Int.random(in: 0...4, using: &random) {
            reading.calls.append(
                .init(
                    id: "id\(number)", name: Self.names.randomElement(using: &random) ?? "",
                    arguments: Self.arguments.randomElement(using: &random) ?? ""))
        }
        reading.finishReason = reading.calls.isEmpty ? "stop" : "tool_calls"
        return reading
    }

    /// The pieces of each call, in order; the first has the id and the name.
    private func pieces(_ reading: StrictReader.Reading, cutsNames: Bool, _ random: inout SeededNumbers)
        -> [[JSONValue]]
    {
        reading.calls.enumerated().map { index, call in
            let names = cutsNames ? ReplyText.cut(call.name, &random, upTo: 3) : [call.name]
            let head = names.enumerated().map { number, name -> JSONValue in
                let piece: [String: JSONValue] = ["index": .int(index), "function": ["name": .string(name)]]
                return .object(number == 0 ? piece.merging(["id": .string(call.id)]) { $1 } : piece)
            }
            return head
                + ReplyText.cut(call.arguments, &random).map {
                    ["index": .int(index), "function": ["arguments": .string($0)]]
                }
        }
    }

    /// The reply as a stream, cut at random, with the pieces of parallel calls in turns.
    private func stream(_ reading: StrictReader.Reading, cutsNames: Bool, _ random: inout SeededNumbers) throws
        -> String
    {
        var deltas: [JSONValue] = [["role": "assistant", "content": nil]]
        deltas += ReplyText.cut(reading.content, &random).map { ["content": .string($0)] }
        var queues = pieces(reading, cutsNames: cutsNames, &random)
        var begun = 0
        while let index = queues.indices.filter({ $0 <= begun && !queues[$0].isEmpty }).randomElement(using: &random) {
            deltas.append(["tool_calls": [queues[index].removeFirst()]])
            begun = max(begun, index + 1)
        }
        deltas.append([:])
        let end = ["\n\n", "\r\n\r\n", "\r\r"].randomElement(using: &random) ?? ""
        return try deltas.enumerated().map { number, delta in
            let reason: JSONValue = number == deltas.count - 1 ? .string(reading.finishReason) : .null
            let choice: JSONValue = ["index": 0, "delta": delta, "finish_reason": reason]
            let chunk: JSONValue = ["object": "chat.completion.chunk", "model": "m", "choices": [choice]]
            return "data: \(try chunk.text())\(end)"
        }.joined() + "data: [DONE]\(end)"
    }

    /// These loops would keep the few threads that all tests share, and others measure time.
    private func letOthersGoOn(_ round: Int) async { if round.isMultiple(of: 20) { await Task.yield() } }

    @Test func `any way to cut a reply into pieces gives the same reply`() async throws {
        var random = SeededNumbers(seed: 1)
        var fuzzer = Fuzzer(seed: 8)
        for round in 0..<Self.rounds {
            await letOthersGoOn(round)
            let reading = reading(&random)
            let text = try stream(reading, cutsNames: true, &random)
            let read = try ReplyText.read(fuzzer.pieces(of: Data(text.utf8)), offered: Self.offered)
            #expect(read.strict == reading.replayed, "\(text)")
        }
    }

    @Test func `what a strict reader takes is read as it reads it`() async throws {
        var random = SeededNumbers(seed: 2)
        var fuzzer = Fuzzer(seed: 3)
        var taken = 0
        for round in 0..<Self.rounds {
            await letOthersGoOn(round)
            let events = try stream(reading(&random), cutsNames: false, &random).components(separatedBy: "data: ")
            let broken = Int.random(in: 0..<max(1, events.count), using: &random)
            let text = events.enumerated().map { number, event -> Data in
                guard number > 0 else { return Data(event.utf8) }
                let body = Data(event.utf8)
                return Data("data: ".utf8) + (number == broken ? variant(of: body, &fuzzer) : body)
            }.reduce(Data(), +)
            let read = try? ReplyText.read([text], offered: Self.offered)
            guard let strict = StrictReader.read(text) else { continue }
            taken += 1
            #expect(read?.strict == strict.replayed, "\(String(decoding: text, as: UTF8.self))")
        }
        #expect(taken > Self.rounds / 10)
    }

    /// The event with its JSON changed; what ends the event stays.
    private func variant(of event: Data, _ fuzzer: inout Fuzzer) -> Data {
        let end = event.lastIndex { $0 != 0x0A && $0 != 0x0D }.map { $0 + 1 } ?? event.startIndex
        return fuzzer.variant(of: event[..<end]) + event[end...]
    }

    /// What servers send, not always a stream.
    private func body(_ random: inout SeededNumbers) throws -> String {
        let text = try stream(reading(&random), cutsNames: true, &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: return text.replacing("data: ", with: "")
        case 1: return text.replacing("\n\n", with: "\n") + "{\"error\":{\"message\":\"late\"}}"
        case 2:
            let call: JSONValue = [
                "id": "a", "function": ["name": "look", "arguments": ["a": 1]], "sig": [["index": 0]],
            ]
            let message: JSONValue = [
                "content": ["H", ["thinking": "m"]], "tool_calls": [call, call], "reasoning": "x",
            ]
            return try text
                + JSONValue.object(["usage": ["cost": "1", "prompt_tokens": 2], "choices": [["message": message]]])
                .text()
        default: return text
        }
    }

    @Test func `a broken reply is one within its bounds, or an error, however it is cut`() async throws {
        var random = SeededNumbers(seed: 4)
        var fuzzer = Fuzzer(seed: 5)
        var replies = 0
        for round in 0..<Self.rounds {
            await letOthersGoOn(round)
            let body = fuzzer.variant(of: Data(try body(&random).utf8))
            let whole = Result { try ReplyText.read([body], offered: Self.offered) }
            let pieces = Result { try ReplyText.read(fuzzer.pieces(of: body), offered: Self.offered) }
            #expect((try? whole.get().message.content) == (try? pieces.get().message.content))
            guard let reply = try? whole.get() else { continue }
            replies += 1
            #expect(reply.message.toolCalls.count <= CallAssembly.maximumCalls)
            #expect((0...10_000_000).contains(reply.usage.promptTokens))
            #expect((0...10_000_000).contains(reply.usage.completionTokens))
            #expect((0...1000).contains(reply.costUSD ?? 0))
        }
        #expect(replies > 0)
    }

    @Test func `pieces of calls in any order and number end no process`() async throws {
        var random = SeededNumbers(seed: 6)
        for round in 0..<Self.rounds {
            await letOthersGoOn(round)
            var assembly = CallAssembly(offered: Self.offered)
            for _ in 0..<Int.random(in: 1...12, using: &random) {
                var piece: [String: JSONValue] = ["index": [0, 0, 1, nil, "0"].randomElement(using: &random) ?? nil]
                piece["id"] = ["", "a", "b", nil, 7].randomElement(using: &random) ?? nil
                piece["function"] = [
                    "name": ["", "look", "lo", "ok", nil].randomElement(using: &random) ?? nil,
                    "arguments": ["", "{", "}", "{}", "\"", [:], nil].randomElement(using: &random) ?? nil,
                ]
                if let piece = CallPiece(.object(piece)) { assembly.add(piece) }
            }
            #expect(assembly.calls.count <= 12)
        }
    }
}
