import Crypto
import FoundationEssentials
import Foundations

/// The private key that validators sign evidence with (Ed25519, RFC 8032).
package struct SigningKey: Sendable, CustomStringConvertible, CustomReflectable {
    let key: Curve25519.Signing.PrivateKey

    init(raw: some ContiguousBytes) throws { key = try Curve25519.Signing.PrivateKey(rawRepresentation: raw) }

    /// A new random key.
    package init() { key = Curve25519.Signing.PrivateKey() }

    /// What its signatures are verified with.
    package var verifyKey: VerifyKey { VerifyKey(key: key.publicKey) }

    /// The value of `SIGNING_KEY`: 32 bytes in base64.
    package var exported: Secret { Secret(key.rawRepresentation.base64EncodedString()) }

    package var description: String { "<redacted>" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// The public key that evidence is verified with; the pusher holds it.
package struct VerifyKey: Sendable, CustomStringConvertible {
    let key: Curve25519.Signing.PublicKey

    init(key: Curve25519.Signing.PublicKey) { self.key = key }

    init(raw: some ContiguousBytes) throws { key = try Curve25519.Signing.PublicKey(rawRepresentation: raw) }

    /// The value of `VERIFY_KEY`: 32 bytes in base64.
    package var description: String { key.rawRepresentation.base64EncodedString() }
}
