/// Commands that a model wrote as a list of words.
enum ShellWords {
    private static let shells: Set = ["bash", "/bin/bash", "/usr/bin/bash", "sh", "/bin/sh", "/usr/bin/sh"]

    /// Words that mean something to a shell alone.
    private static let signs: Set = ["&&", "||", "|", ";", "&", ">", ">>", "<", "2>", "2>&1", "&>"]

    /// The command for `bash -c`. A shell with `-c` is what runs the command anyway, so its script is the command; a
    /// list of one is a command as a whole; other words are quoted, so that each stays one word. A list with signs of the
    /// shell among its words could mean either.
    static func command(_ words: [String]) throws(ToolError) -> String {
        if words.count == 1 { return words[0] }
        if words.count == 3, shells.contains(words[0]), ["-c", "-lc"].contains(words[1]) { return words[2] }
        guard let program = words.first, !program.isEmpty, !program.contains(where: \.isWhitespace),
            signs.isDisjoint(with: words)
        else {
            throw ToolError("`command` must be a string. Give several commands as one, joined with && or line breaks.")
        }
        return words.map(quoted).joined(separator: " ")
    }

    /// `word` as a shell reads it back.
    static func quoted(_ word: String) -> String {
        let isPlain = word.utf8.allSatisfy { byte in
            let letter = byte | 0x20
            return letter >= UInt8(ascii: "a") && letter <= UInt8(ascii: "z")
                || byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") || "_-./:,+@%=".utf8.contains(byte)
        }
        guard word.isEmpty || !isPlain else { return word }
        return "'" + word.replacing("'", with: #"'\''"#) + "'"
    }
}
