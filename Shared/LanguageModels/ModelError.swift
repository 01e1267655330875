import Foundations

/// Why a model did not answer. The message is for people and holds no secrets.
package struct ModelError: Retriable, Sendable, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// The key is missing, wrong or not allowed to use this model.
        case unauthorized = "model_unauthorized"
        /// The account has no credit left.
        case quotaExhausted = "model_quota_exhausted"
        /// The provider does not know the model, or the base URL is wrong.
        case notFound = "model_not_found"
        /// The provider refuses the request itself.
        case badRequest = "model_bad_request"
        /// The conversation is longer than the model takes.
        case contextTooLong = "model_context_too_long"
        /// Too many requests for now.
        case rateLimited = "model_rate_limited"
        /// The provider cannot be reached, fails or takes too long.
        case unavailable = "model_unavailable"
        /// The reply is not a chat completion.
        case badReply = "model_bad_reply"
        /// The reply was cut before its end.
        case incompleteReply = "model_incomplete_reply"
        /// The settings do not lead to a provider.
        case misconfigured = "model_misconfigured"
        /// The calling task was cancelled.
        case cancelled = "cancelled"
    }

    package var code: Code
    package var message: String
    /// How long the provider asks to wait.
    package var retryAfter: Duration?
    /// What the model takes at once in tokens, where ``Code/contextTooLong`` came with a number.
    package var contextTokens: Int?
    /// All that the provider said, to learn from: never shown, as it may hold secrets.
    var words: String?

    package init(_ code: Code, _ message: String, retryAfter: Duration? = nil) {
        self.code = code
        self.message = message
        self.retryAfter = retryAfter
    }

    /// Whether the same call may succeed later.
    package var isRetriable: Bool {
        switch code {
        case .rateLimited, .unavailable, .badReply, .incompleteReply: true
        case .unauthorized, .quotaExhausted, .notFound, .badRequest, .contextTooLong, .misconfigured, .cancelled: false
        }
    }

    package var description: String { "\(code.rawValue): \(message)" }
}

extension ModelError {
    /// What it takes to be the same error: not what there is to learn from it.
    package static func == (left: Self, right: Self) -> Bool {
        left.code == right.code && left.message == right.message && left.retryAfter == right.retryAfter
    }
}
