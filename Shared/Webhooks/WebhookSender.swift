import Contracts
import Cryptography
import FoundationEssentials
import Foundations
import Transfer

/// Sends signed webhooks (Standard Webhooks 1.0.0), one attempt a call. When to try again is ``DeliveryDecision``'s.
package struct WebhookSender: Sendable {
    /// The most bytes of an answer that are kept.
    package static let excerptBytes = 2 << 10

    private let client: HTTPClient
    private let policy: TargetPolicy
    private let secrets: [WebhookSecret]
    private let redactor: Redactor
    private let userAgent: String
    private let timeout: Duration

    /// - Parameters:
    ///   - secrets: The secret, and during rotation the old one too. At least one.
    ///   - client: Used by this sender alone: a connection that another user opened was not checked by `policy`.
    ///   - timeout: For the whole attempt.
    package init(
        secrets: [Secret], policy: TargetPolicy, client: HTTPClient = HTTPClient(), version: String = "1.0",
        timeout: Duration = .seconds(15)
    ) throws(WebhookSignatureError) {
        guard !secrets.isEmpty else { throw .noSecret }
        var keys: [WebhookSecret] = []
        for secret in secrets { keys.append(try WebhookSecret(secret)) }
        self.secrets = keys
        self.policy = policy
        self.client = client
        self.timeout = timeout
        redactor = Redactor(secrets)
        userAgent = "Automata/\(version)"
    }

    /// Sends `body` as it is to `url`, signed for this moment. Throws `CancellationError` alone.
    ///
    /// - Parameter id: The webhook's id, the same at every attempt: letters, digits, `_` and `-`.
    package func send(id: String, body: Data, to url: String) async throws -> DeliveryAttempt {
        let startedAt = Date()
        let start = ContinuousClock.now
        let outcome = try await outcome(id: id, body: body, url: url, at: startedAt)
        return DeliveryAttempt(startedAt: startedAt, duration: ContinuousClock.now - start, outcome: outcome)
    }

    private func outcome(id: String, body: Data, url: String, at date: Date) async throws -> DeliveryOutcome {
        if let reason = policy.refusal(of: url) { return .refused(reason: reason) }
        let timestamp = Int(date.timeIntervalSince1970)
        let signature: String
        do {
            signature = try WebhookSignature.sign(id: id, timestamp: timestamp, body: body, secrets: secrets)
        } catch {
            return .refused(reason: error.description)
        }
        let request = HTTPRequest(
            method: "POST", url: url,
            headers: [
                ("Content-Type", "application/json"), ("User-Agent", userAgent), ("webhook-id", id),
                ("webhook-timestamp", "\(timestamp)"), ("webhook-signature", signature),
            ],
            body: body, timeout: timeout, connectTimeout: timeout, idleTimeout: timeout,
            addressPolicy: { [policy] in policy.allows($0) })
        do {
            let response = try await client.stream(request)
            return .answered(
                status: response.status, retryAfter: response.headers.retryAfter(),
                excerpt: try await excerpt(of: response.body))
        } catch let error as TransferError {
            return try Self.outcome(of: error)
        }
    }

    private static func outcome(of error: TransferError) throws -> DeliveryOutcome {
        switch error.code {
        case .cancelled: throw CancellationError()
        case .forbiddenAddress: .refused(reason: TargetPolicy.privateTarget)
        case .invalidRequest: .refused(reason: error.message)
        default: .failed(reason: error.message)
        }
    }

    /// The start of an answer as text. The status alone decides, so an answer that breaks off is no error.
    private func excerpt(of body: HTTPBody) async throws -> String {
        var bytes = Data()
        var pieces = body.makeAsyncIterator()
        do {
            // Twice what is kept, so that no secret is cut in half before it is found.
            while bytes.count < 2 * Self.excerptBytes, let piece = try await pieces.next() { bytes += piece }
        } catch {
            try Task.checkCancellation()
        }
        let text = String(decoding: bytes.prefix(2 * Self.excerptBytes), as: UTF8.self)
        return redactor.redact(text).replacing("\0", with: "").clipped(Self.excerptBytes)
    }
}
