import Crypto
import FoundationEssentials
import Foundations

/// The key of a keyed content hash.
package struct ContentKey: Sendable, CustomStringConvertible, CustomReflectable {
    let key: SymmetricKey

    package init(bytes: Data) { key = SymmetricKey(data: bytes) }

    package var description: String { "<redacted>" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Hashes that tell whether two contents are the same; 64 lower-case hexadecimal digits.
package enum ContentHash {
    /// HMAC-SHA256 (RFC 2104) of the canonical JSON.
    ///
    /// It is keyed because a request may hold a weak password, which a plain hash would let a reader of the table guess.
    package static func keyed(_ value: JSONValue, key: ContentKey) throws -> String {
        keyed(try value.data(), key: key)
    }

    /// HMAC-SHA256 of the bytes.
    package static func keyed(_ data: some DataProtocol, key: ContentKey) -> String {
        hex(HMAC<SHA256>.authenticationCode(for: data, using: key.key))
    }

    /// SHA-256 (FIPS 180-4) of the bytes.
    package static func sha256(_ data: some DataProtocol) -> String { hex(SHA256.hash(data: data)) }

    /// SHA-256 of the canonical JSON, which ignores the order of keys and white space.
    package static func sha256(_ value: JSONValue) throws -> String { sha256(try value.data()) }

    static func hex(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
