import Contracts
import Foundation
import Foundations
import Synchronization
import TestSupport

@testable import GatewayService

/// A client of a stream: it keeps whole events and the last id, and can go away in the middle of a text.
final class StreamClient: Sendable {
    struct Gone: Error {}

    struct Seen: Hashable {
        let id: String
        let name: String
        let data: String
    }

    private struct State {
        var rest = ""
        var lastID: String?
        var seen: [Seen] = []
    }

    private let state = Mutex(State())

    var lastID: String? { state.withLock { $0.lastID } }
    var seen: [Seen] { state.withLock { $0.seen } }

    /// Takes text as a browser does: a block counts once it is whole.
    func take(_ text: some StringProtocol) {
        state.withLock { state in
            var blocks = (state.rest + text).components(separatedBy: "\n\n")
            state.rest = blocks.removeLast()
            for block in blocks { read(block, &state) }
        }
    }

    private func read(_ block: String, _ state: inout State) {
        var (name, data) = ("message", String?.none)
        for line in block.split(separator: "\n") {
            if line.hasPrefix("id: ") { state.lastID = String(line.dropFirst(4)) }
            if line.hasPrefix("event: ") { name = String(line.dropFirst(7)) }
            if line.hasPrefix("data: ") { data = (data.map { $0 + "\n" } ?? "") + line.dropFirst(6) }
        }
        if let data { state.seen.append(Seen(id: state.lastID ?? "", name: name, data: data)) }
    }

    /// What is not whole is lost with the connection.
    func disconnect() { state.withLock { $0.rest = "" } }

    /// A connection that breaks after so many characters; `nil` for never.
    func connection(breaksAfter count: Int? = nil) -> Connection { Connection(client: self, left: count) }

    struct Connection: StreamWriter {
        let client: StreamClient
        var left: Int?

        mutating func write(_ text: String) throws {
            guard let left else { return client.take(text) }
            client.take(text.prefix(left))
            guard text.count <= left else { throw Gone() }
            self.left = left - text.count
        }
    }
}
