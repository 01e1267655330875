import FoundationEssentials
import Foundations
import Transfer

extension ModelError {
    static let cancelled = ModelError(.cancelled, "the call was cancelled")

    /// The error that a failed transfer stands for.
    init(_ error: TransferError) {
        switch error.code {
        case .cancelled: self = .cancelled
        case .interrupted: self.init(.incompleteReply, error.message)
        case .timeout: self.init(.unavailable, "\(error.message) (MODEL_TIMEOUT sets the limits)")
        case .refused, .resolve, .other: self.init(.unavailable, error.message)
        case .tls: self.init(error.isRetriable ? .unavailable : .misconfigured, error.message)
        case .tooLarge, .protocol: self.init(.badReply, error.message)
        case .invalidRequest, .forbiddenAddress: self.init(.misconfigured, error.message)
        }
    }

    /// The error that a reply with another status than 2xx stands for.
    ///
    /// - Parameters:
    ///   - failure: The provider's own words, if it sent any that can be read.
    ///   - excerpt: The start of the body, free of secrets.
    init(status: Int, failure: ProviderFailure?, excerpt: String, retryAfter: Duration?, model: String) {
        let text = "status \(status): \(excerpt)"
        let wait = retryAfter ?? failure.flatMap { RetryHint.wait(in: $0.words) }
        switch Self.code(status, failure, excerpt) {
        case .unauthorized: self.init(.unauthorized, "the provider does not accept the key (\(text))")
        case .quotaExhausted where status == 402: self.init(.quotaExhausted, "the account has no credit (\(text))")
        case .notFound: self.init(.notFound, "the provider does not know the model \(model) (\(text))")
        case .misconfigured: self.init(.misconfigured, "the base URL leads elsewhere (status \(status))")
        case .unavailable where status == 403:
            self.init(.unavailable, "something between here and the provider refuses (\(text))", retryAfter: wait)
        case .contextTooLong:
            self.init(.contextTooLong, text)
            contextTokens = OverflowWords.window(in: failure?.said ?? excerpt)
        case let code: self.init(code, text, retryAfter: wait)
        }
        // What passes by itself teaches nothing, and a slip of the model's is in its own words.
        let teaches = status <= 500 && code != .badReply && failure?.isPage == false
        words = teaches ? failure?.words : nil
    }

    private static func code(_ status: Int, _ failure: ProviderFailure?, _ excerpt: String) -> Code {
        let said = failure?.code
        let isTooLong = said == .contextTooLong || ProviderFailure.meansContextTooLong(failure?.said ?? excerpt)
        switch status {
        case 403 where failure?.isPage == true: return .unavailable
        case 401, 403: return .unauthorized
        case 402: return .quotaExhausted
        case 404 where RefusalWords(failure?.words ?? "").hasAny(["tool use", "tool_use", "support tool"]):
            return .badRequest
        case 404: return .notFound
        case 300..<400: return .misconfigured
        // More than the limit of a minute in one request: waiting does not help.
        case 429 where RefusalWords(failure?.said ?? excerpt).has("request too large"): return .contextTooLong
        case 429: return said == .quotaExhausted ? .quotaExhausted : .rateLimited
        case 413: return .contextTooLong
        case 408, 409, 424, 425, 498, 499: return .unavailable
        case _ where isTooLong: return .contextTooLong
        case _ where said == .badReply: return .badReply
        case 500... where said == .rateLimited || asksForPatience(failure?.said ?? excerpt): return .rateLimited
        case 500...: return .unavailable
        default:
            let isKnown = said == .quotaExhausted || said == .rateLimited
            return isKnown ? said ?? .badRequest : .badRequest
        }
    }

    /// Whether the server is well and only busy: a model takes minutes to load.
    private static func asksForPatience(_ said: String) -> Bool {
        let words = RefusalWords(said)
        return words.text == "loading model" || words.hasAny(["currently loading", "is loading", "overloaded"])
    }

    /// The error that an `error` member inside a reply of status 200 stands for.
    init(_ failure: ProviderFailure, excerpt: String, model: String) {
        if let code = failure.code {
            self.init(code, excerpt, retryAfter: RetryHint.wait(in: failure.words))
            if code == .contextTooLong { contextTokens = OverflowWords.window(in: failure.said) }
        } else if let status = failure.status, (400..<600).contains(status) {
            self.init(status: status, failure: failure, excerpt: excerpt, retryAfter: nil, model: model)
        } else {
            self.init(.badReply, "the provider sent an error: \(excerpt)")
            words = failure.words
        }
    }
}
