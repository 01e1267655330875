import Contracts
import Crypto
import FoundationEssentials
import Foundations

/// The keys that one service holds. A part that its settings do not give is `nil`: a coder runs with none.
///
/// All keys derive from one master key (HKDF-SHA256, RFC 5869, a label each), unless they are given one by one.
package struct KeyRing: Sendable {
    /// Opens sealed credentials; planner and pusher.
    package let sealing: SealingKey?
    /// Signs evidence; validator.
    package let signing: SigningKey?
    /// Verifies evidence; pusher.
    package let verifying: VerifyKey?
    /// Keys the content hashes of requests; planner. It derives from the sealing key, so that planners agree on it
    /// however their keys are given.
    package let contentKey: ContentKey?

    /// The keys that `settings` give, of ``Setting/keys``. A key given on its own replaces the derived one; an empty value
    /// counts as absent.
    package init(_ settings: [Setting: Secret]) throws(KeyError) {
        let master = try Self.bytes(.masterKey, in: settings).map { SymmetricKey(data: $0) }
        func key<Key>(_ setting: Setting, derive label: String, _ make: (Data) throws -> Key) throws(KeyError) -> Key? {
            let raw = try Self.bytes(setting, in: settings) ?? master.map { Self.derive($0, label) }
            guard let raw else { return nil }
            guard let key = try? make(raw) else { throw KeyError(setting: setting.name, reason: "not a key") }
            return key
        }
        sealing = try key(.sealingKey, derive: "automata sealing key v1") { try SealingKey(raw: $0) }
        signing = try key(.signingKey, derive: "automata signing key v1") { try SigningKey(raw: $0) }
        let given = try Self.bytes(.verifyKey, in: settings)
        if let given, settings[.signingKey]?.isEmpty == false, let signing,
            given != signing.verifyKey.key.rawRepresentation
        {
            throw KeyError(setting: Setting.verifyKey.name, reason: "not the public part of SIGNING_KEY")
        }
        if let given {
            guard let key = try? VerifyKey(raw: given) else {
                throw KeyError(setting: Setting.verifyKey.name, reason: "not a key")
            }
            verifying = key
        } else {
            verifying = signing?.verifyKey
        }
        contentKey = sealing.map { sealing in
            let secret = SymmetricKey(data: sealing.key.rawRepresentation)
            return ContentKey(bytes: Self.derive(secret, "automata content key v1"))
        }
    }

    /// A new value for `AUTOMATA_MASTER_KEY`.
    package static func newMasterKey() -> Secret {
        Secret(SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }.base64EncodedString())
    }

    /// The single keys as settings, for services that must not hold the master key.
    package var exported: [Setting: Secret] {
        var settings: [Setting: Secret] = [:]
        settings[.sealingKey] = sealing?.exported
        settings[.signingKey] = signing?.exported
        settings[.verifyKey] = verifying.map { Secret($0.description) }
        return settings
    }

    private static func derive(_ key: SymmetricKey, _ label: String) -> Data {
        HKDF<SHA256>.deriveKey(inputKeyMaterial: key, info: Data(label.utf8), outputByteCount: 32)
            .withUnsafeBytes { Data($0) }
    }

    private static func bytes(_ setting: Setting, in settings: [Setting: Secret]) throws(KeyError) -> Data? {
        let text = settings[setting]?.reveal().trimmed ?? ""
        guard !text.isEmpty else { return nil }
        guard let bytes = Data(base64Encoded: text) else {
            throw KeyError(setting: setting.name, reason: "expected base64")
        }
        guard bytes.count == 32 else {
            throw KeyError(setting: setting.name, reason: "expected 32 bytes, got \(bytes.count)")
        }
        return bytes
    }
}
