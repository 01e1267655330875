import Crypto
import FoundationEssentials
import Foundations

/// A secret that a webhook's sender and receiver share.
package struct WebhookSecret: Sendable, CustomStringConvertible, CustomReflectable {
    private static let prefix = "whsec_"

    let key: SymmetricKey

    /// `whsec_` and base64, or any other text, which counts as its UTF-8 bytes. An empty key is refused.
    package init(_ secret: Secret) throws(WebhookSignatureError) {
        let text = secret.reveal()
        if text.hasPrefix(Self.prefix) {
            let digits = text.dropFirst(Self.prefix.count)
            // The libraries of the specification take base64 without its padding as well.
            let padding = String(repeating: "=", count: digits.hasSuffix("=") ? 0 : (4 - digits.utf8.count % 4) % 4)
            guard let bytes = Data(base64Encoded: digits + padding) else {
                throw .badSecret("expected base64 after whsec_")
            }
            try self.init(bytes: bytes)
        } else {
            try self.init(bytes: Data(text.utf8))
        }
    }

    private init(bytes: Data) throws(WebhookSignatureError) {
        guard !bytes.isEmpty else { throw .badSecret("empty") }
        key = SymmetricKey(data: bytes)
    }

    /// A new secret: `whsec_` and 32 random bytes in base64.
    package static func generate() -> Secret {
        Secret(prefix + SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }.base64EncodedString())
    }

    package var description: String { "<redacted>" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
