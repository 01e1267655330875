import Contracts
import Crypto
import FoundationEssentials
import Foundations

/// Why sealed credentials were refused. It says nothing about what they hold.
package enum SealError: Retriable, Hashable, CustomStringConvertible {
    /// Not base64, too short, or no credentials inside.
    case malformed
    /// Sealed by a later version of this scheme.
    case unknownVersion(UInt8)
    /// Changed, sealed to another key, or sealed for another company or remote.
    case refused

    /// The same seal stays refused.
    package var isRetriable: Bool { false }

    package var description: String {
        switch self {
        case .malformed: "the sealed credentials are malformed"
        case .unknownVersion(let version): "the sealed credentials are of the unknown version \(version)"
        case .refused: "the sealed credentials are not for this platform's key, company and remote URL"
        }
    }
}

/// Credentials sealed to the platform's public key by HPKE (RFC 9180): base64 of version, encapsulated key, ciphertext.
///
/// The company and the remote URL are authenticated with it, so that nobody can replay a seal of another tenant
/// against a server of their own.
package enum CredentialSeal {
    private static let version: UInt8 = 1
    private static let suite = HPKE.Ciphersuite.Curve25519_SHA256_ChachaPoly
    private static let info = Data("automata credentials v1".utf8)
    /// The length of an encapsulated Curve25519 key.
    private static let encapsulatedBytes = 32

    /// Seals credentials; each call gives another text.
    package static func seal(
        _ credentials: Credentials, to key: SealingPublicKey, company: CompanyID, remoteURL: String
    ) throws(SealError) -> String {
        if case .sealed = credentials { throw .malformed }
        do {
            var sender = try HPKE.Sender(recipientKey: key.key, ciphersuite: suite, info: info)
            let ciphertext = try sender.seal(
                try credentials.revealed().data(), authenticating: context(company, remoteURL))
            return (Data([version]) + sender.encapsulatedKey + ciphertext).base64EncodedString()
        } catch {
            throw .refused
        }
    }

    /// Opens what ``seal(_:to:company:remoteURL:)`` gave for the same key, company and remote URL.
    package static func open(
        _ sealed: String, with key: SealingKey, company: CompanyID, remoteURL: String
    ) throws(SealError) -> Credentials {
        guard let bytes = Data(base64Encoded: sealed), let first = bytes.first else { throw .malformed }
        guard first == version else { throw .unknownVersion(first) }
        let body = bytes.dropFirst()
        guard body.count > encapsulatedBytes else { throw .malformed }
        let plain: Data
        do {
            var recipient = try HPKE.Recipient(
                privateKey: key.key, ciphersuite: suite, info: info,
                encapsulatedKey: Data(body.prefix(encapsulatedBytes)))
            plain = try recipient.open(
                Data(body.dropFirst(encapsulatedBytes)), authenticating: context(company, remoteURL))
        } catch {
            throw .refused
        }
        guard let credentials = decode(plain) else { throw .malformed }
        return credentials
    }

    private static func decode(_ plain: Data) -> Credentials? {
        guard let json = try? JSONValue(parsing: plain), let fields = try? FieldReader(json),
            let credentials = try? Credentials(fields)
        else { return nil }
        if case .sealed = credentials { return nil }
        return credentials
    }

    /// An id holds no line break, so the two parts cannot run into each other.
    private static func context(_ company: CompanyID, _ remoteURL: String) -> Data {
        Data("\(company.text)\n\(remoteURL)".utf8)
    }
}
