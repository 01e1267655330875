import Crypto
import FoundationEssentials
import Foundations

/// What people and programs show to be let in: 32 random bytes. It is kept nowhere but as its ``digest(of:)``.
///
/// A hash without salt and repetition is enough: nobody can guess what was hashed.
package enum AccessToken {
    /// What programs that look for leaked secrets know it by.
    private static let prefix = "automata_"

    /// A new one, which is safe in headers, URLs and cookies.
    package static func generate() -> Secret {
        let bytes = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }
        return Secret(
            prefix
                + bytes.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").trimming { $0 == "=" }
        )
    }

    /// SHA-256 of a token, as it is kept: 64 lower-case hexadecimal digits.
    package static func digest(of token: Secret) -> String { ContentHash.sha256(Data(token.reveal().utf8)) }

    /// What forms of a browser's session hold, so that no other site can have the browser send one: it follows from the
    /// session's secret, and that does not follow from it.
    package static func formSecret(of session: Secret) -> String {
        ContentHash.keyed(Data("form".utf8), key: ContentKey(bytes: Data(session.reveal().utf8)))
    }
}
