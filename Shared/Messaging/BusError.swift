import Foundations

/// Why an operation on the bus failed. Messages hold no secrets and no payload.
package struct BusError: Retriable, Sendable, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// Nobody answers on the subject, or no stream stores it.
        case noResponders
        /// No answer came in time; whether the operation took effect is unknown.
        case timeout
        /// There is no connection to the server, or it was closed.
        case disconnected
        /// The stream, consumer or message does not exist.
        case notFound
        /// A subject, stream or consumer name that could garble the protocol or can never match.
        case invalidSubject
        /// A header name or value that could garble the protocol.
        case invalidHeader
        /// Larger than the server or the stream accepts.
        case payloadTooLarge
        /// The server refused the credentials or the subject.
        case permission
        /// Anything else, see the message.
        case other
    }

    package let code: Code
    package let message: String
    /// Whether the same call can succeed later without a change.
    package let isRetriable: Bool

    package init(_ code: Code, _ message: String, isRetriable: Bool? = nil) {
        self.code = code
        self.message = message
        self.isRetriable = isRetriable ?? [.noResponders, .timeout, .disconnected].contains(code)
    }

    package var description: String { "bus: \(message) (\(code.rawValue))" }
}
