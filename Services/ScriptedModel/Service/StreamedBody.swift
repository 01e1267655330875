import FlyingSocks
import Foundation
import Foundations

/// The pieces of an answer, one HTTP chunk each.
struct StreamedBody: AsyncBufferedSequence {
    typealias Element = UInt8

    /// Thrown to make the HTTP library close the connection without an end of the body.
    struct Cut: Error {}

    private let pieces: [Data]
    private let ending: Reply.Ending

    init(_ pieces: [Data], _ ending: Reply.Ending) {
        self.pieces = pieces
        self.ending = ending
    }

    func makeAsyncIterator() -> Iterator { Iterator(pieces: pieces[...], ending: ending) }

    struct Iterator: AsyncBufferedIteratorProtocol {
        var pieces: ArraySlice<Data>
        let ending: Reply.Ending

        mutating func next() async throws -> UInt8? { try await nextBuffer(suggested: 1)?.first }

        mutating func nextBuffer(suggested count: Int) async throws -> Data? {
            if let piece = pieces.popFirst() { return piece }
            switch ending {
            case .whole: return nil
            case .cut: throw Cut()
            case .stalled: return try await Promise<Data>().value()
            }
        }
    }
}
