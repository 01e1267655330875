/// Text of a repository as markup. What a reader would not see is shown: a change that is reviewed must not read otherwise
/// than it runs.
enum CodeText {
    static func html(_ text: some StringProtocol) -> String {
        guard text.unicodeScalars.contains(where: isHidden) else { return SafeText.escape(text) }
        var (html, plain) = ("", String.UnicodeScalarView())
        for scalar in text.unicodeScalars {
            guard isHidden(scalar) else {
                plain.append(scalar)
                continue
            }
            html += SafeText.escape(String(plain)) + mark(scalar)
            plain = .init()
        }
        return html + SafeText.escape(String(plain))
    }

    private static func mark(_ scalar: Unicode.Scalar) -> String {
        guard scalar != "\r" else { return "<span class=\"c\">␍</span>" }
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return
            "<span class=\"hidden-mark\">U+\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits)</span>"
    }

    /// The lines of a text. A line end is a byte: with what stands around it, it can be a character of its own.
    static func lines(of text: some StringProtocol) -> [Substring] {
        String(text).utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { Substring($0) }
    }

    /// Controls, marks that turn the direction of text, and what has no width.
    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09: false
        case 0...0x1f, 0x7f...0x9f, 0xad, 0x61c, 0x180e, 0x200b...0x200f, 0x2028...0x202e, 0x2060...0x206f, 0xfeff,
            0xe0000...0xe007f:
            true
        default: false
        }
    }
}
