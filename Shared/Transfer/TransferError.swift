import Foundations

/// Why a transfer failed. The message is for people; it holds no headers, no user info and no path of the URL.
package struct TransferError: Retriable, Sendable, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// The URL, the method or a header cannot be sent; nothing was.
        case invalidRequest = "invalid_request"
        /// The name of the host cannot be resolved.
        case resolve
        /// No connection: refused or unreachable.
        case refused
        /// The address policy forbids the host's address; nothing was sent.
        case forbiddenAddress = "forbidden_address"
        /// The TLS handshake failed or the certificate is not trusted.
        case tls
        /// Connecting, being idle or the whole transfer took longer than allowed.
        case timeout
        /// The connection ended before the reply did.
        case interrupted
        /// The body, the headers or an event is larger than allowed.
        case tooLarge = "too_large"
        /// The peer does not speak HTTP as it should.
        case `protocol`
        /// The task was cancelled, or the client went away.
        case cancelled
        /// Anything else, such as lack of memory.
        case other
    }

    package let code: Code
    package let message: String
    /// Whether the same request may succeed later.
    package let isRetriable: Bool

    package init(_ code: Code, _ message: String, isRetriable: Bool? = nil) {
        self.code = code
        self.message = message
        self.isRetriable = isRetriable ?? code.isRetriable
    }

    package var description: String { "\(code.rawValue): \(message)" }
}

extension TransferError.Code {
    fileprivate var isRetriable: Bool {
        switch self {
        case .resolve, .refused, .timeout, .interrupted, .other: true
        case .invalidRequest, .forbiddenAddress, .tls, .tooLarge, .protocol, .cancelled: false
        }
    }
}

extension TransferError {
    static let cancelled = TransferError(.cancelled, "the request was cancelled")
}
