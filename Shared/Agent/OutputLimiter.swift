/// Keeps what a model is shown short.
enum OutputLimiter {
    /// `text` if it has at most `limit` characters, else its beginning and its end around a note of what was cut.
    static func shorten(_ text: String, to limit: Int) -> String {
        guard text.utf8.count > limit, text.count > limit else { return text }
        let cut = text.count - limit
        return text.prefix(limit / 2)
            + "\n[... \(cut) characters cut here: narrow the command or read a part to see them ...]\n"
            + text.suffix(limit - limit / 2)
    }

    /// The first line of `text`, at most `limit` characters.
    static func line(_ text: String, _ limit: Int = 200) -> String {
        let first = text.split(whereSeparator: \.isNewline).first ?? ""
        return first.count <= limit ? String(first) : first.prefix(limit - 1) + "…"
    }
}
