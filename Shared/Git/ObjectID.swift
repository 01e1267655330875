import CGit2

/// The name of a Git object: 40 lower-case hexadecimal digits (SHA-1).
package struct ObjectID: Sendable, Hashable, CustomStringConvertible {
    /// The 40 digits.
    package let text: String

    /// `nil` unless `text` is 40 hexadecimal digits.
    package init?(_ text: some StringProtocol) {
        guard text.utf8.count == 40, text.utf8.allSatisfy(Self.isDigit) else { return nil }
        self.text = text.lowercased()
    }

    /// Whether a text names an object as repositories do that use SHA-256.
    static func isSHA256(_ text: some StringProtocol) -> Bool {
        text.utf8.count == 64 && text.utf8.allSatisfy(isDigit)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }

    package var description: String { text }
}

extension ObjectID: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let id = ObjectID(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "expected 40 hexadecimal digits")
        }
        self = id
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

extension git_oid {
    /// Whether both name the same object.
    func equals(_ other: git_oid) -> Bool {
        var (one, other) = (self, other)
        return git_oid_equal(&one, &other) == 1
    }
}

extension ObjectID {
    init(_ raw: git_oid) {
        text = withUnsafeBytes(of: raw) { bytes in
            let digits = Array("0123456789abcdef".utf8)
            return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
        }
    }

    /// The form that libgit2 takes.
    var raw: git_oid {
        var oid = git_oid()
        git_oid_fromstr(&oid, text)
        return oid
    }
}
