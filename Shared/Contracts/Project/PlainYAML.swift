import FoundationEssentials
import Foundations

/// Reads the part of YAML that settings need: fields and lists by indentation, texts plain or quoted, lists in brackets
/// on one line, and literal blocks (`|`). Every scalar is a text.
///
/// What it takes means what YAML says; the rest (anchors, tags, braces, folded blocks, texts over several lines) is
/// refused by its line. So what strangers write costs no more than its length.
package struct PlainYAML {
    /// The most bytes of a document.
    package static let maximumBytes = 64 << 10
    private static let maximumDepth = 8

    private let lines: [Substring]
    private var next = 0

    /// The document as an object; an empty one has no members.
    package static func parse(_ data: Data) throws(FieldError) -> JSONValue {
        guard data.count <= maximumBytes else {
            throw FieldError(path: "", reason: "larger than \(maximumBytes) bytes")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw FieldError(path: "", reason: "not UTF-8")
        }
        var reader = PlainYAML(text)
        return try reader.document()
    }

    private init(_ text: String) {
        let text = text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
        var lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
            Substring(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
        }
        // What follows the last line break is no line.
        if lines.last?.isEmpty == true { lines.removeLast() }
        self.lines = lines
    }

    private mutating func document() throws(FieldError) -> JSONValue {
        for index in lines.indices where !lines[index].unicodeScalars.allSatisfy(Self.isAllowed) {
            throw Self.error(index, "holds a tab or another control character")
        }
        for index in lines.indices where lines[index].contains(where: Self.isMarked) {
            throw Self.error(index, "a mark on a sign or a blank")
        }
        if let start = peek(), start.indent == 0, start.text == "---" { next += 1 }
        guard let first = peek() else { return .object([:]) }
        guard first.indent == 0 else { throw Self.error(next, "is indented, and there is nothing above it") }
        let value = try fields(at: 0, depth: 1)
        if peek() != nil { throw Self.error(next, "is indented less than what it belongs to") }
        return value
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20..<0x7F, 0xA0..<0x2028, 0x202A..<0xD800, 0xE000..<0xFEFF, 0xFF00..<0xFFFE, 0x10000...0x10FFFF: true
        default: false
        }
    }

    /// YAML reads scalars: to it a colon with a mark on it is a colon, which as a character it is not.
    private static func isMarked(_ character: Character) -> Bool {
        guard let first = character.unicodeScalars.first, character.unicodeScalars.count > 1 else { return false }
        return first.isASCII && !first.properties.isAlphabetic && !("0"..."9").contains(first)
    }

    static func error(_ line: Int, _ reason: String) -> FieldError {
        FieldError(path: "line \(line + 1)", reason: reason)
    }

    // MARK: Lines

    /// The next line that says something.
    private mutating func peek() -> (indent: Int, text: Substring)? {
        while next < lines.count {
            let text = lines[next].drop { $0 == " " }
            if let first = text.first, first != "#" {
                return (lines[next].utf8.count - text.utf8.count, YAMLScalar.trimmed(text))
            }
            next += 1
        }
        return nil
    }

    // MARK: Values

    private mutating func fields(at indent: Int, depth: Int) throws(FieldError) -> JSONValue {
        guard depth <= Self.maximumDepth else { throw Self.error(next, "is nested too deeply") }
        var members: [String: JSONValue] = [:]
        while let line = peek(), line.indent >= indent {
            guard line.indent == indent else { throw Self.error(next, "is indented further than what is above it") }
            guard let match = line.text.prefixMatch(of: /([A-Za-z_][A-Za-z0-9_-]*) *:( +|$)/) else {
                throw Self.error(next, "expected `name: value`")
            }
            let name = String(match.1)
            guard members[name] == nil else { throw Self.error(next, "`\(name)` is there already") }
            members[name] = try value(line.text[match.range.upperBound...], of: indent, depth: depth)
        }
        return .object(members)
    }

    /// The value of a field, of which `rest` stands on its line.
    private mutating func value(
        _ rest: Substring, of indent: Int, depth: Int
    ) throws(FieldError) -> JSONValue {
        guard rest.isEmpty || rest.hasPrefix("#") else { return try inline(rest, of: indent) }
        next += 1
        guard let below = peek() else { return .null }
        if Self.isEntry(below.text), below.indent >= indent { return try entries(at: below.indent) }
        return below.indent > indent ? try fields(at: below.indent, depth: depth + 1) : .null
    }

    private mutating func inline(_ rest: Substring, of indent: Int) throws(FieldError) -> JSONValue {
        if rest.hasPrefix("|") { return .string(try block(rest, of: indent)) }
        var scalar = YAMLScalar(rest, line: next)
        let value = rest.hasPrefix("[") ? try scalar.list() : .string(try scalar.whole())
        next += 1
        return value
    }

    private static func isEntry(_ text: Substring) -> Bool { text == "-" || text.hasPrefix("- ") }

    private mutating func entries(at indent: Int) throws(FieldError) -> JSONValue {
        var values: [JSONValue] = []
        while let line = peek(), line.indent >= indent, Self.isEntry(line.text) || line.indent > indent {
            guard line.indent == indent else { throw Self.error(next, "is indented further than what is above it") }
            let rest = line.text.dropFirst().drop { $0 == " " }
            guard !rest.isEmpty, !rest.hasPrefix("#") else { throw Self.error(next, "an entry of a list is empty") }
            guard !rest.hasPrefix("[") else { throw Self.error(next, "a list in a list") }
            values.append(try inline(rest, of: indent))
        }
        return .array(values)
    }

    // MARK: Literal blocks

    private mutating func block(_ header: Substring, of indent: Int) throws(FieldError) -> String {
        guard let match = header.wholeMatch(of: /\|([-+]?)( +#.*)?/) else {
            throw Self.error(next, "only | and |- and |+ begin a block")
        }
        next += 1
        var (content, own): ([Substring], Int?) = ([], nil)
        while next < lines.count {
            let line = lines[next]
            let depth = line.utf8.count - line.drop { $0 == " " }.utf8.count
            let isBlank = depth == line.utf8.count
            if !isBlank {
                guard depth > indent else { break }
                guard depth >= own ?? depth else { throw Self.error(next, "is indented less than its block") }
                own = own ?? depth
            } else if own == nil, depth > indent {
                throw Self.error(next, "blanks before a block")
            }
            content.append(line)
            next += 1
        }
        return Self.text(of: content, without: own ?? .max, ending: match.1)
    }

    private static func text(of lines: [Substring], without indent: Int, ending: Substring) -> String {
        let cut = lines.map { line in Substring(line.utf8.dropFirst(min(indent, line.utf8.count))) }
        let kept = cut.reversed().drop(while: \.isEmpty).reversed()
        let body = kept.joined(separator: "\n")
        switch ending {
        case "-": return body
        case "+": return cut.map { $0 + "\n" }.joined()
        default: return body.isEmpty ? "" : body + "\n"
        }
    }
}
