import Contracts
import Crypto
import FoundationEssentials
import Foundations

/// The validator's signature of its evidence: Ed25519 over the canonical JSON, in base64.
package enum EvidenceSignature {
    package static func sign(_ evidence: Evidence, with key: SigningKey) throws -> String {
        try key.key.signature(for: JSON.encode(evidence)).base64EncodedString()
    }

    /// Whether `signature` is of exactly this evidence by the owner of `key`.
    package static func verify(_ signature: String, of evidence: Evidence, with key: VerifyKey) -> Bool {
        guard let bytes = Data(base64Encoded: signature), let message = try? JSON.encode(evidence) else { return false }
        return key.key.isValidSignature(bytes, for: message)
    }
}
