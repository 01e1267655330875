import Foundation
import Foundations

@testable import LanguageModels

/// Reads a streamed reply just as the standards say, and takes nothing else: the measure of the reader that forgives.
enum StrictReader {
    /// What a reply says.
    struct Reading: Equatable {
        struct Call: Equatable {
            var id: String
            var name: String
            var arguments: String
        }

        var content = ""
        var calls: [Call] = []
        var finishReason = ""
    }

    /// `nil` if anything is not as it should be.
    static func read(_ bytes: Data) -> Reading? {
        var parser = ServerSentEventParser()
        var reading = Reading()
        for event in parser.consume(bytes) {
            guard event.event == "message" else { return nil }
            if event.data == "[DONE]" { return reading.finishReason.isEmpty ? nil : reading }
            guard let chunk = try? JSONValue(parsing: event.data), add(chunk, to: &reading) else { return nil }
        }
        return nil
    }

    private static func add(_ chunk: JSONValue, to reading: inout Reading) -> Bool {
        guard chunk["object"] == "chat.completion.chunk", (chunk["error"] ?? .null) == .null,
            let choices = chunk["choices"]?.arrayValue, choices.count <= 1
        else { return false }
        guard let choice = choices.first else { return true }
        guard choice["index"] == 0, let delta = choice["delta"]?.objectValue, choice["message"] == nil,
            (choice["error"] ?? .null) == .null, reading.finishReason.isEmpty
        else { return false }
        switch choice["finish_reason"] {
        case .null?, nil: break
        case .string(let reason)? where ["stop", "tool_calls", "length", "content_filter"].contains(reason):
            reading.finishReason = reason
        default: return false
        }
        return add(delta, to: &reading)
    }

    private static func add(_ delta: [String: JSONValue], to reading: inout Reading) -> Bool {
        switch delta["content"] {
        case .string(let text)?: reading.content += text
        case .null?, nil: break
        default: return false
        }
        guard delta["function_call"] == nil else { return false }
        guard let pieces = delta["tool_calls"] else { return true }
        return pieces.arrayValue?.allSatisfy { add(call: $0, to: &reading) } ?? false
    }

    /// The first piece of a call has its number, id and name; the others have the number and arguments.
    private static func add(call piece: JSONValue, to reading: inout Reading) -> Bool {
        guard case .int(let index)? = piece["index"], index >= 0, index <= reading.calls.count,
            let function = piece["function"]?.objectValue,
            let arguments = function["arguments", default: ""].stringValue
        else { return false }
        if index < reading.calls.count {
            guard piece["id"] == nil, function["name"] == nil else { return false }
            reading.calls[index].arguments += arguments
            return true
        }
        guard let id = piece["id"]?.stringValue, let name = function["name"]?.stringValue, !id.isEmpty, id.count < 100,
            !name.isEmpty, name.count < 100, !reading.calls.contains(where: { $0.id == id })
        else { return false }
        reading.calls.append(Reading.Call(id: id, name: name, arguments: arguments))
        return true
    }
}

extension ChatReply {
    /// What the strict reader says of such a reply.
    var strict: StrictReader.Reading {
        StrictReader.Reading(
            content: message.content ?? "",
            calls: message.toolCalls.map { .init(id: $0.id, name: $0.name, arguments: $0.arguments) },
            finishReason: finishReason ?? "")
    }
}

extension StrictReader.Reading {
    /// With what is put right of a good reply, too: arguments are never an empty text, and no object follows an empty one.
    var replayed: Self {
        var reading = self
        for index in calls.indices {
            let text = calls[index].arguments
            if text.allSatisfy(\.isWhitespace) { reading.calls[index].arguments = "{}" }
            if text.hasPrefix("{}{") { reading.calls[index].arguments = String(text.dropFirst(2)) }
        }
        return reading
    }
}
