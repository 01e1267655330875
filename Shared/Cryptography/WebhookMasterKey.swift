import Contracts
import Crypto
import FoundationEssentials
import Foundations

/// The key that the signing secret of every company derives from (HKDF-SHA256, RFC 5869, the company's id as `info`).
///
/// A receiver that can verify could also sign, so no two companies share a secret.
package struct WebhookMasterKey: Sendable, CustomStringConvertible, CustomReflectable {
    private let key: SymmetricKey

    /// 32 bytes in base64.
    package init(_ secret: Secret) throws(KeyError) {
        guard let bytes = Data(base64Encoded: secret.reveal()), bytes.count == 32 else {
            throw KeyError(setting: Setting.webhookMasterKey.name, reason: "expected 32 bytes in base64")
        }
        key = SymmetricKey(data: bytes)
    }

    /// A new value for the setting.
    package static func generate() -> Secret {
        Secret(SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }.base64EncodedString())
    }

    /// What the webhooks of a company are signed with: `whsec_` and 32 bytes in base64.
    package func secret(of company: CompanyID) -> Secret {
        let bytes = HKDF<SHA256>.deriveKey(inputKeyMaterial: key, info: Data(company.text.utf8), outputByteCount: 32)
        return Secret("whsec_" + bytes.withUnsafeBytes { Data($0) }.base64EncodedString())
    }

    package var description: String { "<redacted>" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
