import Foundation
import Foundations
import Subprocess
import Synchronization
import TestSupport

/// A browser refused something that was asked of it.
package struct BrowserRefusal: Error, CustomStringConvertible {
    package let description: String
}

/// The Chrome DevTools Protocol over a pipe: messages of JSON, each ended by a zero byte.
final class DebuggingPipe: Sendable {
    private struct State {
        var last = 0
        var answers: [Int: Promise<JSONValue>] = [:]
        var pending: [UInt8] = []
        var hasEnded = false
    }

    private let state = Mutex(State())
    private let writer: StandardInputWriter

    /// Everything that the browser told without being asked.
    let events = Recorder<JSONValue>()

    init(_ writer: StandardInputWriter) { self.writer = writer }

    /// Asks for something and waits for the answer.
    @discardableResult
    func ask(
        _ method: String, _ parameters: [String: JSONValue] = [:], session: String? = nil
    ) async throws -> JSONValue {
        let promise = Promise<JSONValue>()
        let id = try state.withLock { state in
            guard !state.hasEnded else { throw BrowserRefusal(description: "the browser has ended") }
            state.last += 1
            state.answers[state.last] = promise
            return state.last
        }
        var message: [String: JSONValue] = [
            "id": .int(id), "method": .string(method), "params": .object(parameters),
        ]
        message["sessionId"] = session.map(JSONValue.string)
        Deadline.arm(promise, for: "the answer to \(method)", within: Deadline.usual)
        _ = try await writer.write(Array(try JSONValue.object(message).data()) + [0])
        return try await promise.value()
    }

    /// Takes what the browser wrote.
    func receive(_ bytes: [UInt8]) throws {
        let messages = state.withLock { state in
            var parts = (state.pending + bytes).split(separator: 0, omittingEmptySubsequences: false)
            state.pending = Array(parts.removeLast())
            return parts
        }
        for message in messages { take(try JSONValue(parsing: message)) }
    }

    private func take(_ message: JSONValue) {
        guard let id = message["id"]?.intValue else { return events.record(message) }
        let promise = state.withLock { $0.answers.removeValue(forKey: id) }
        if let error = message["error"]?["message"]?.stringValue {
            promise?.fail(BrowserRefusal(description: error))
        } else {
            promise?.succeed(message["result"] ?? [:])
        }
    }

    /// Nothing comes any more.
    func end() {
        let left = state.withLock { state in
            state.hasEnded = true
            defer { state.answers = [:] }
            return state.answers.values
        }
        for promise in left { promise.fail(BrowserRefusal(description: "the browser has ended")) }
    }
}
