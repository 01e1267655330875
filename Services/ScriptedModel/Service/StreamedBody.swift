import FlyingSocks
import Foundation
import Foundations

/// The pieces of an answer, one HTTP chunk each.
struct StreamedBody: AsyncBufferedSequence {
    typealias Element = UInt8

    /// Thrown to make the HTTP library close the connection without an end of the body.
    struct Cut: Error {}

    private let reply: ScriptedReply

    init(_ reply: ScriptedReply) { self.reply = reply }

    func makeAsyncIterator() -> Iterator { Iterator(reply: reply) }

    struct Iterator: AsyncBufferedIteratorProtocol {
        let reply: ScriptedReply
        var position = 0

        mutating func next() async throws -> UInt8? { try await nextBuffer(suggested: 1)?.first }

        mutating func nextBuffer(suggested count: Int) async throws -> Data? {
            while true {
                if let pause = reply.pauses[position] { try await Task.sleep(for: .milliseconds(pause)) }
                guard position < reply.pieces.count else { break }
                position += 1
                // An empty chunk would end the body.
                if !reply.pieces[position - 1].isEmpty { return reply.pieces[position - 1] }
            }
            switch reply.ending {
            case .whole: return nil
            case .cut: throw Cut()
            case .stalled: return try await Promise<Data>().value()
            }
        }
    }
}
