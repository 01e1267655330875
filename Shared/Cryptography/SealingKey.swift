import Crypto
import FoundationEssentials
import Foundations

/// The private key that opens sealed credentials (Curve25519, RFC 7748). Only planner and pusher hold it.
package struct SealingKey: Sendable, CustomStringConvertible, CustomReflectable {
    let key: Curve25519.KeyAgreement.PrivateKey

    init(raw: some ContiguousBytes) throws { key = try Curve25519.KeyAgreement.PrivateKey(rawRepresentation: raw) }

    /// A new random key.
    package init() { key = Curve25519.KeyAgreement.PrivateKey() }

    /// What clients seal to.
    package var publicKey: SealingPublicKey { SealingPublicKey(key: key.publicKey) }

    /// The value of `SEALING_KEY`: 32 bytes in base64.
    package var exported: Secret { Secret(key.rawRepresentation.base64EncodedString()) }

    package var description: String { "<redacted>" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// The public key that clients seal credentials to.
package struct SealingPublicKey: Sendable, CustomStringConvertible {
    let key: Curve25519.KeyAgreement.PublicKey

    init(key: Curve25519.KeyAgreement.PublicKey) { self.key = key }

    /// The key that `base64` holds, or `nil` if it is not 32 bytes in base64 or a point of low order, which would make
    /// the shared secret zero for everybody (RFC 9180 section 7.1.4).
    package init?(base64: String) {
        guard let bytes = Data(base64Encoded: base64), bytes.count == 32,
            let key = try? Curve25519.KeyAgreement.PublicKey(rawRepresentation: bytes),
            let shared = try? Curve25519.KeyAgreement.PrivateKey().sharedSecretFromKeyAgreement(with: key),
            shared.withUnsafeBytes({ $0.contains { $0 != 0 } })
        else { return nil }
        self.key = key
    }

    /// 32 bytes in base64.
    package var description: String { key.rawRepresentation.base64EncodedString() }
}
