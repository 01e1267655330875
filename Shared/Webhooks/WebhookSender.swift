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
    private let userAgent: String
    private let timeout: Duration
    private let excerptTimeout: Duration

    /// - Parameters:
    ///   - client: Used by this sender alone: a connection that another user opened was not checked by `policy`.
    ///   - timeout: For the whole attempt.
    ///   - excerptTimeout: For the body of an answer, which decides nothing.
    package init(
        policy: TargetPolicy, client: HTTPClient = HTTPClient(), version: String = "1.0",
        timeout: Duration = .seconds(15), excerptTimeout: Duration = .seconds(2)
    ) {
        self.policy = policy
        self.client = client
        self.timeout = timeout
        self.excerptTimeout = excerptTimeout
        userAgent = "Automata/\(version)"
    }

    /// Sends `body` as it is to `url`, signed for this moment. Throws `CancellationError` alone.
    ///
    /// - Parameters:
    ///   - id: The webhook's id, the same at every attempt: letters, digits, `_` and `-`.
    ///   - secrets: What it is signed with, a signature each. At least one.
    package func send(
        id: String, body: Data, to url: String, signedWith secrets: [Secret]
    ) async throws -> DeliveryAttempt {
        let startedAt = Date()
        let start = ContinuousClock.now
        let outcome = try await outcome(id: id, body: body, url: url, secrets, at: startedAt)
        return DeliveryAttempt(startedAt: startedAt, duration: ContinuousClock.now - start, outcome: outcome)
    }

    private func outcome(
        id: String, body: Data, url: String, _ secrets: [Secret], at date: Date
    ) async throws -> DeliveryOutcome {
        if let reason = policy.refusal(of: url) { return .refused(reason: reason) }
        let timestamp = Int(date.timeIntervalSince1970)
        let signature: String
        do throws(WebhookSignatureError) {
            var keys: [WebhookSecret] = []
            for secret in secrets { keys.append(try WebhookSecret(secret)) }
            signature = try WebhookSignature.sign(id: id, timestamp: timestamp, body: body, secrets: keys)
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
            // Its start alone is read: what an answer announces must not make a failure of it.
            maxBodyBytes: .max, addressPolicy: { [policy] in policy.allows($0) })
        do {
            let response = try await client.stream(request)
            return .answered(
                status: response.status, retryAfter: response.headers.retryAfter(),
                excerpt: try await excerpt(of: response.body, without: secrets))
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

    /// The start of an answer as text. The status alone decides, so an answer that breaks off is no error, and one that
    /// takes its time is left alone.
    private func excerpt(of body: HTTPBody, without secrets: [Secret]) async throws -> String {
        let bytes = await withTaskGroup(of: Data.self) { [excerptTimeout] group in
            group.addTask { await Self.start(of: body) }
            group.addTask {
                try? await Task.sleep(for: excerptTimeout)
                return Data()
            }
            var bytes = Data()
            for await part in group {
                bytes += part
                group.cancelAll()
            }
            return bytes
        }
        try Task.checkCancellation()
        let text = String(decoding: bytes.prefix(2 * Self.excerptBytes), as: UTF8.self)
        return Redactor(secrets).redact(text).replacing("\0", with: "").clipped(Self.excerptBytes)
    }

    /// What arrives before the end, an error or the task's cancellation: twice what is kept, so that no secret is cut in
    /// half before it is found.
    private static func start(of body: HTTPBody) async -> Data {
        var bytes = Data()
        var pieces = body.makeAsyncIterator()
        while bytes.count < 2 * excerptBytes, let piece = try? await pieces.next() { bytes += piece }
        return bytes
    }
}
