import FoundationEssentials
import Foundations

/// The part of a refused submission that is kept for inspection: its beginning, without anything secret.
///
/// The message may be broken JSON, so secrets are found in the text by the names of their fields.
package enum SubmissionExcerpt {
    private static let limit = 4096
    private static let names = ["password", "private_key", "key_password", "access_token", "sealed", "token", "secret"]

    /// The beginning of `body` as text, credentials replaced by `<redacted>`.
    package static func text(_ body: Data) -> String {
        let text = String(decoding: body.prefix(64 << 10), as: UTF8.self).replacing("\0", with: "\u{FFFD}")
        let fields = text.replacing(secretField) { match in "\(match.output.1)\"<redacted>\"" }
        return String(fields.replacing(userInfo) { match in "\(match.output.1)<redacted>@" }.prefix(limit))
    }

    /// Whether the stored message has to be erased: it holds, or may hold, something secret.
    package static func mayHoldSecrets(_ body: Data) -> Bool {
        let text = String(decoding: body, as: UTF8.self)
        return text.contains(secretField) || text.contains(userInfo)
    }

    // A field of a secret's name and its value, up to the closing quote or, in a cut message, the end.
    private static var secretField: Regex<(Substring, Substring)> {
        let pattern = "(\"(?:\(names.joined(separator: "|")))\"\\s*:\\s*)\"(?:[^\"\\\\]|\\\\.)+(?:\"|$)"
        return (try? Regex(pattern, as: (Substring, Substring).self)) ?? #/((?!))/#
    }

    private static var userInfo: Regex<(Substring, Substring)> { #/(://)[^/\s"@]+@/# }
}
