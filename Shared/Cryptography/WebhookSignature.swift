import Crypto
import FoundationEssentials
import Foundations

/// Why a webhook cannot be signed or is not believed.
package enum WebhookSignatureError: Error, Hashable, CustomStringConvertible {
    case badSecret(String)
    case noSecret
    /// Empty, or not of letters, digits, `_` and `-`: a dot would let two messages have the same signed bytes.
    case badID
    /// Not whole seconds since 1970.
    case badTimestamp
    /// Further from now than the tolerance.
    case timestampOutOfTolerance
    case noMatchingSignature

    /// The same message stays refused.
    package var isRetriable: Bool { false }

    package var description: String {
        switch self {
        case .badSecret(let reason): "the webhook secret is unusable: \(reason)"
        case .noSecret: "no webhook secret"
        case .badID: "webhook-id: expected letters, digits, _ and -"
        case .badTimestamp: "webhook-timestamp: expected seconds since 1970"
        case .timestampOutOfTolerance: "webhook-timestamp: too far from now"
        case .noMatchingSignature: "webhook-signature: none matches"
        }
    }
}

/// Signatures of Standard Webhooks 1.0.0: HMAC-SHA256 over `id.timestamp.body`.
package enum WebhookSignature {
    /// The value of `webhook-signature`: `v1,<base64>` for each secret, separated by spaces.
    ///
    /// - Parameter timestamp: Seconds since 1970, of the attempt.
    package static func sign(
        id: String, timestamp: Int, body: Data, secrets: [WebhookSecret]
    ) throws(WebhookSignatureError) -> String {
        guard !secrets.isEmpty else { throw .noSecret }
        guard timestamp >= 0 else { throw .badTimestamp }
        let message = try signedBytes(id, timestamp, body)
        return secrets.map { secret in
            "v1," + Data(HMAC<SHA256>.authenticationCode(for: message, using: secret.key)).base64EncodedString()
        }.joined(separator: " ")
    }

    /// Returns if one of the `v1` signatures in `header` is of this message by one of `secrets`, else throws why not.
    ///
    /// - Parameters:
    ///   - header: The value of `webhook-signature`.
    ///   - timestamp: The value of `webhook-timestamp`.
    package static func verify(
        _ header: String, id: String, timestamp: String, body: Data, secrets: [WebhookSecret], now: Date = Date(),
        tolerance: Duration = .seconds(300)
    ) throws(WebhookSignatureError) {
        guard !secrets.isEmpty else { throw .noSecret }
        guard let seconds = Int(timestamp), seconds >= 0, String(seconds) == timestamp else { throw .badTimestamp }
        guard abs(now.timeIntervalSince1970 - Double(seconds)) <= tolerance.seconds else {
            throw .timestampOutOfTolerance
        }
        let message = try signedBytes(id, seconds, body)
        let codes = header.split(separator: " ").filter { $0.hasPrefix("v1,") }
            .compactMap { Data(base64Encoded: String($0.dropFirst(3))) }
        let matches = codes.contains { code in
            // Compares in constant time.
            secrets.contains { HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: message, using: $0.key) }
        }
        guard matches else { throw .noMatchingSignature }
    }

    private static func signedBytes(_ id: String, _ timestamp: Int, _ body: Data) throws(WebhookSignatureError) -> Data
    {
        let isSafe = id.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        guard isSafe, (1...256).contains(id.utf8.count) else { throw .badID }
        return Data("\(id).\(timestamp).".utf8) + body
    }
}
