import Foundation
import Foundations

/// What an ``HTTPStub`` answers.
package struct StubReply: Sendable {
    /// How the body is sent.
    package enum Body: Sendable {
        /// At once, with a `Content-Length`.
        case data(Data)
        /// Chunk by chunk; an error thrown by the stream cuts the connection.
        case stream(AsyncThrowingStream<Data, any Error>)
        /// The connection is closed without a byte of an answer.
        case dropped
        /// Nothing is answered, and the connection stays open.
        case silence
    }

    package var status: Int
    package var headers: [String: String]
    package var body: Body
    /// How long the stub waits before it answers.
    package var delay: Duration = .zero

    package init(_ status: Int = 200, headers: [String: String] = [:], body: Body = .data(Data())) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// A whole answer.
    package static func text(
        _ text: String, status: Int = 200, type: String = "text/plain", headers: [String: String] = [:]
    ) -> StubReply {
        let headers = headers.merging(["Content-Type": type]) { given, _ in given }
        return StubReply(status, headers: headers, body: .data(Data(text.utf8)))
    }

    /// A JSON answer.
    package static func json(_ value: JSONValue, status: Int = 200) throws -> StubReply {
        .text(try value.text(), status: status, type: "application/json")
    }

    /// An answer without a body.
    package static func status(_ status: Int, headers: [String: String] = [:]) -> StubReply {
        StubReply(status, headers: headers)
    }

    /// A redirect to `location`.
    package static func redirect(to location: String, status: Int = 302) -> StubReply {
        StubReply(status, headers: ["Location": location])
    }

    /// The chunks one after the other, in a good end.
    package static func chunks(_ chunks: [String], type: String = "text/event-stream") -> StubReply {
        stream(chunks, type: type) { $0.finish() }
    }

    /// The chunks, then the connection is closed in the middle of the body.
    package static func cut(after chunks: [String], type: String = "text/event-stream") -> StubReply {
        stream(chunks, type: type) { $0.finish(throwing: ConnectionCut()) }
    }

    /// The head and the chunks, then nothing more on an open connection.
    package static func stall(after chunks: [String], type: String = "text/event-stream") -> StubReply {
        stream(chunks, type: type) { _ in }
    }

    /// The connection is closed without an answer.
    package static let drop = StubReply(body: .dropped)

    /// No answer at all on an open connection.
    package static let hang = StubReply(body: .silence)

    /// This answer after `duration`.
    package func delayed(_ duration: Duration) -> StubReply {
        var reply = self
        reply.delay = duration
        return reply
    }

    private static func stream(
        _ chunks: [String], type: String, end: (AsyncThrowingStream<Data, any Error>.Continuation) -> Void
    ) -> StubReply {
        let (stream, continuation) = AsyncThrowingStream.makeStream(of: Data.self)
        for chunk in chunks { continuation.yield(Data(chunk.utf8)) }
        end(continuation)
        // Held with the stream: a continuation that nobody holds would end the stream.
        continuation.onTermination = { _ in _ = continuation }
        return StubReply(headers: ["Content-Type": type], body: .stream(stream))
    }
}

/// The stub closes the connection on purpose.
package struct ConnectionCut: Error {
    package init() {}
}
