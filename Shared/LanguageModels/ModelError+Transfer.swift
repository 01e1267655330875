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
        case .timeout, .refused, .resolve, .other: self.init(.unavailable, error.message)
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
        let words = "status \(status): \(excerpt)"
        switch status {
        case 401, 403: self.init(.unauthorized, "the provider does not accept the key (\(words))")
        case 402: self.init(.quotaExhausted, "the account has no credit (\(words))")
        case 404: self.init(.notFound, "the provider does not know the model \(model) (\(words))")
        case 300..<400: self.init(.misconfigured, "the base URL leads elsewhere (status \(status))")
        case 413: self.init(.contextTooLong, words)
        case 429 where failure?.code == .quotaExhausted: self.init(.quotaExhausted, words)
        case 429: self.init(.rateLimited, words, retryAfter: retryAfter)
        case 408, 409, 425, 500...: self.init(.unavailable, words, retryAfter: retryAfter)
        case 400 where ProviderFailure.meansContextTooLong(excerpt): self.init(.contextTooLong, words)
        default: self.init(failure?.code == .contextTooLong ? .contextTooLong : .badRequest, words)
        }
    }

    /// The error that an `error` member inside a reply of status 200 stands for.
    init(_ failure: ProviderFailure, excerpt: String, model: String) {
        if let code = failure.code {
            self.init(code, excerpt)
        } else if let status = failure.status, (400..<600).contains(status) {
            self.init(status: status, failure: failure, excerpt: excerpt, retryAfter: nil, model: model)
        } else {
            self.init(.badReply, "the provider sent an error: \(excerpt)")
        }
    }
}
