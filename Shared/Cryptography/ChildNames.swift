import Crypto
import FoundationEssentials
import Foundations

extension TaskID {
    /// The id of a child: `{parent}--{key}`. Where that is too long, its first 43 characters, `-`, and 20 base-32 digits
    /// of its SHA-256: the same for the same names, and another for others.
    package static func child(_ key: TaskID, of parent: TaskID) -> TaskID {
        let full = "\(parent.text)--\(key.text)"
        let digits = digits(SHA256.hash(data: Data(full.utf8)), 20)
        return TaskID(full) ?? TaskID(validated: "\(full.prefix(43))-\(digits)")
    }

    private static let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567")

    /// Five bits each, the first ones first.
    private static func digits(_ bytes: some Sequence<UInt8>, _ count: Int) -> String {
        var (text, bits, held) = ("", UInt32(0), UInt32(0))
        for byte in bytes where text.count < count {
            (bits, held) = (bits << 8 | UInt32(byte), held + 8)
            while held >= 5, text.count < count {
                held -= 5
                text.append(alphabet[Int(bits >> held) & 31])
            }
        }
        return text
    }
}
