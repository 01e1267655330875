import FoundationEssentials

/// The bytes of a body as they arrive, in pieces of any size. It can be read once.
///
/// The connection is paused while the reader is behind, so memory stays bounded. Cancelling the reading task closes
/// the connection. Dropping the body does so too, unless the rest arrives at once: then the connection is kept for reuse.
package struct HTTPBody: AsyncSequence, Sendable {
    package typealias Element = Data
    package typealias Failure = TransferError

    let lease: ExchangeLease

    package func makeAsyncIterator() -> Iterator { Iterator(lease: lease) }

    package struct Iterator: AsyncIteratorProtocol {
        let lease: ExchangeLease

        package mutating func next(isolation actor: isolated (any Actor)?) async throws(TransferError) -> Data? {
            try await lease.exchange.nextBytes()
        }
    }

    /// The rest of the body, whole.
    package func collect() async throws(TransferError) -> Data {
        var whole = Data()
        var iterator = makeAsyncIterator()
        while let bytes = try await iterator.next(isolation: nil) { whole.append(bytes) }
        return whole
    }
}

/// Keeps the client alive while someone may read, and abandons the transfer when nobody can any more.
final class ExchangeLease: Sendable {
    let exchange: Exchange
    private let client: HTTPClient

    init(exchange: Exchange, client: HTTPClient) {
        self.exchange = exchange
        self.client = client
    }

    deinit { exchange.abandon() }
}
