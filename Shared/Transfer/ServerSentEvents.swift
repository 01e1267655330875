/// The events of a `text/event-stream` body, as they arrive. It can be read once.
package struct ServerSentEvents: AsyncSequence, Sendable {
    package typealias Element = ServerSentEvent
    package typealias Failure = TransferError

    let body: HTTPBody
    let maxEventBytes: Int

    package func makeAsyncIterator() -> Iterator {
        Iterator(body: body.makeAsyncIterator(), parser: ServerSentEventParser(maxEventBytes: maxEventBytes))
    }

    package struct Iterator: AsyncIteratorProtocol {
        var body: HTTPBody.Iterator
        var parser: ServerSentEventParser
        var ready: ArraySlice<ServerSentEvent> = []

        package mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(TransferError) -> ServerSentEvent? {
            while ready.isEmpty {
                guard let bytes = try await body.next(isolation: actor) else { return nil }
                ready = try parser.consume(bytes)[...]
            }
            return ready.popFirst()
        }
    }
}

extension HTTPBody {
    /// The body as server-sent events, none larger than `maxEventBytes`.
    package func serverSentEvents(maxEventBytes: Int = 4 << 20) -> ServerSentEvents {
        ServerSentEvents(body: self, maxEventBytes: maxEventBytes)
    }

    /// The body as server-sent events.
    package var serverSentEvents: ServerSentEvents { serverSentEvents() }
}
