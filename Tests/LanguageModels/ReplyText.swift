import Foundation
import Foundations
import TestSupport

@testable import LanguageModels

/// Reads replies, without a connection.
enum ReplyText {
    /// The reply that `pieces` of a body make; throws what is wrong with it.
    static func read(_ pieces: [Data], offered: Set<String> = ["look", "list", "finish"]) throws -> ChatReply {
        var reading = ReplyReading(offered: offered)
        for piece in pieces where !reading.isDone { try reading.take(piece) }
        try reading.finish()
        return try reading.reply(requested: "wanted-model")
    }

    static func read(_ text: String, offered: Set<String> = ["look", "list", "finish"]) throws -> ChatReply {
        try read([Data(text.utf8)], offered: offered)
    }

    /// The reply that chunks with these messages' pieces make.
    static func read(deltas: [JSONValue], offered: Set<String> = ["look", "list", "finish"]) throws -> ChatReply {
        let chunks = try deltas.map { try CompletionText.chunk($0) }
        let end = try CompletionText.chunk([:], finish: "stop")
        return try read((chunks + [end, CompletionText.done]).joined(), offered: offered)
    }

    /// The reply that these pieces of tool calls make.
    static func calls(_ pieces: [JSONValue], offered: Set<String> = ["look", "list", "finish"]) throws -> [ToolCall] {
        try read(deltas: pieces.map { ["tool_calls": [$0]] }, offered: offered).message.toolCalls
    }

    /// `text` cut into pieces of random sizes.
    static func cut(_ text: String, _ random: inout SeededNumbers, upTo limit: Int = 7) -> [String] {
        var (pieces, rest) = ([String](), Substring(text))
        while !rest.isEmpty {
            let count = Int.random(in: 1...limit, using: &random)
            pieces.append(String(rest.unicodeScalars.prefix(count)))
            rest = Substring(rest.unicodeScalars.dropFirst(count))
        }
        return pieces
    }
}
