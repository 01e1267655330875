import Foundations

/// Texts on one line of YAML: plain, in quotes, or several in brackets.
struct YAMLScalar {
    private var rest: Substring
    private let line: Int

    init(_ text: Substring, line: Int) {
        rest = text
        self.line = line
    }

    /// Without blanks at its end.
    static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while text.last == " " { text.removeLast() }
        return text
    }

    /// The one text that the line holds.
    mutating func whole() throws(FieldError) -> String {
        let text = try next(in: .line)
        try end()
        return text
    }

    /// The texts in brackets.
    mutating func list() throws(FieldError) -> JSONValue {
        var values: [JSONValue] = []
        rest = rest.dropFirst()
        while true {
            skipBlanks()
            if rest.first == "]" { break }
            values.append(.string(try next(in: .brackets)))
            skipBlanks()
            if rest.first == "," {
                rest = rest.dropFirst()
            } else if rest.first != "]" {
                throw error("a list in brackets has to end on its line")
            }
        }
        rest = rest.dropFirst()
        try end()
        return .array(values)
    }

    // MARK: Steps

    private enum Place { case line, brackets }

    private func error(_ reason: String) -> FieldError { PlainYAML.error(line, reason) }

    private mutating func skipBlanks() { rest = rest.drop { $0 == " " } }

    /// Nothing but a comment may follow.
    private mutating func end() throws(FieldError) {
        let blanks = rest.prefix { $0 == " " }.count
        skipBlanks()
        guard rest.isEmpty || blanks > 0 && rest.hasPrefix("#") else { throw error("something follows the value") }
    }

    private mutating func next(in place: Place) throws(FieldError) -> String {
        switch rest.first {
        case "\"": try doubleQuoted()
        case "'": try singleQuoted()
        default: try plain(in: place)
        }
    }

    /// Letters that begin something else in YAML than a text.
    private static let indicators: Set<Character> = [
        "&", "*", "!", "{", "}", "[", "]", "|", ">", "%", "@", "`", "#", ",", "?", ":", "-",
    ]

    private mutating func plain(in place: Place) throws(FieldError) -> String {
        var text = rest
        switch place {
        case .line: text = text.firstRange(of: " #").map { text[..<$0.lowerBound] } ?? text
        case .brackets: text = text.prefix { $0 != "," && $0 != "]" }
        }
        rest = rest[text.endIndex...]
        text = Self.trimmed(text)
        guard let first = text.first, !Self.indicators.contains(first) || isWord(text, in: place) else {
            throw error("a text that begins like this has to be in quotes")
        }
        let isPlain =
            switch place {
            case .line: !text.contains(": ") && text.last != ":"
            case .brackets: !text.contains { "{}[:#".contains($0) }
            }
        guard isPlain else { throw error("a text that holds this has to be in quotes") }
        return String(text)
    }

    /// Whether a dash only begins a word, as of an option.
    private func isWord(_ text: Substring, in place: Place) -> Bool {
        place == .line && text.first == "-" && text.dropFirst().first.map { $0 != " " } == true
    }

    private mutating func singleQuoted() throws(FieldError) -> String {
        var text = ""
        rest = rest.dropFirst()
        while let end = rest.firstIndex(of: "'") {
            text += rest[..<end]
            rest = rest[rest.index(after: end)...]
            guard rest.first == "'" else { return text }
            text += "'"
            rest = rest.dropFirst()
        }
        throw error("a quote has to end on its line")
    }

    private static let escapes: [Character: Character] = [
        "\"": "\"", "\\": "\\", "/": "/", "n": "\n", "t": "\t", "r": "\r",
    ]

    private mutating func doubleQuoted() throws(FieldError) -> String {
        var text = ""
        rest = rest.dropFirst()
        while let letter = rest.popFirst() {
            switch letter {
            case "\"": return text
            case "\\":
                guard let escape = rest.popFirst(), let meant = Self.escapes[escape] else {
                    throw error("in quotes only \\\" \\\\ \\/ \\n \\t and \\r are escapes")
                }
                text.append(meant)
            default: text.append(letter)
            }
        }
        throw error("a quote has to end on its line")
    }
}
