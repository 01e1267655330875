import Foundations

/// Keeps what a model is shown short. Limits are bytes: a character can be as long as a text.
package enum OutputLimiter {
    /// `text` if it has at most `limit` bytes, else its beginning and its end around a note of what was cut.
    static func shorten(_ text: String, to limit: Int) -> String {
        guard text.utf8.count > limit else { return text }
        let (head, tail) = (text.prefix(bytes: limit / 2), text.suffix(bytes: limit - limit / 2))
        let cut = text.unicodeScalars[head.endIndex..<tail.startIndex].count
        return head
            + "\n[... \(cut) characters cut here: narrow the command or read a part to see them ...]\n" + tail
    }

    /// The first line of `text`, at most `limit` bytes.
    package static func line(_ text: String, _ limit: Int = 200) -> String {
        func endsLine(_ scalar: Unicode.Scalar) -> Bool { Character(scalar).isNewline }
        let first = String(text.unicodeScalars.drop(while: endsLine).prefix { !endsLine($0) })
        return first.utf8.count <= limit ? first : first.prefix(bytes: limit - 3) + "…"
    }
}
