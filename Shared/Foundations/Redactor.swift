import FoundationEssentials
import Synchronization

/// Replaces known secrets in text: as they are, URL-encoded, and in base64.
///
/// It is the last line of defence, for text that comes from elsewhere (an error of git, the body of a failed reply).
package final class Redactor: Sendable {
    private let needles = Mutex<[[UInt8]]>([])

    package init(_ secrets: [Secret] = []) {
        for secret in secrets { add(secret) }
    }

    /// Adds a secret. Values under 4 characters are ignored: replacing them would garble ordinary text.
    package func add(_ secret: Secret) {
        let value = secret.reveal()
        guard value.count >= 4 else { return }
        let forms = [value, Data(value.utf8).base64EncodedString(), value.percentEncoded].map { Array($0.utf8) }
        needles.withLock { known in
            for form in forms where !known.contains(form) { known.append(form) }
            known.sort { $0.count > $1.count }
        }
    }

    /// `text` with every known secret replaced by `<redacted>`.
    package func redact(_ text: String) -> String {
        let found = needles.withLock { needles in needles.filter { Self.holds(text, $0) } }
        // By bytes: a character that combines with the one before it must not hide a secret.
        guard !found.isEmpty else { return text }
        let clean = found.reduce(Array(text.utf8)) { $0.replacing($1, with: "<redacted>".utf8) }
        return String(decoding: clean, as: UTF8.self)
    }

    private static func holds(_ text: String, _ needle: [UInt8]) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            var rest = bytes[...]
            while let start = rest.firstIndex(of: needle[0]) {
                if rest[start...].starts(with: needle) { return true }
                rest = rest[(start + 1)...]
            }
            return false
        }
    }
}
