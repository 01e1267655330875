import Foundations

/// A value as a model wrote it: members in their order, numbers by their letters.
///
/// `JSONValue` forgets both, and both matter where an object that was meant as a text becomes a file.
indirect enum WrittenValue: Sendable, Equatable {
    /// A named value of an object.
    struct Member: Sendable, Equatable {
        var name: String
        var value: WrittenValue
    }

    case null
    case bool(Bool)
    /// A number that `JSONValue` takes.
    case number(String)
    case text(String)
    case list([WrittenValue])
    /// Each name once: of two members with one name the last counts.
    case object([Member])

    /// The most white space before a line, in bytes.
    private static let deepestLine = 64

    /// How JSON is laid out.
    enum Layout {
        /// On one line, without white space.
        case compact
        /// A line for each member and element, two spaces a level: how people keep JSON in files. What lies deeper than
        /// ``deepestLine`` is on one line: white space must not outgrow what a model wrote.
        case lines
    }

    /// The value as JSON, with the members in the order in which they were written and the numbers as they were.
    func json(_ layout: Layout) -> String {
        var text = ""
        write(to: &text, indentation: layout == .lines ? "\n" : nil)
        return text
    }

    /// `indentation` is a line break and the spaces behind it; `nil` keeps everything on one line.
    private func write(to text: inout String, indentation: String?) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .number(let digits): text += digits
        case .text(let content): Self.write(content, to: &text)
        case .list(let items):
            Self.write(items, between: ("[", "]"), to: &text, indentation) { item, text, indentation in
                item.write(to: &text, indentation: indentation)
            }
        case .object(let members):
            Self.write(members, between: ("{", "}"), to: &text, indentation) { member, text, indentation in
                Self.write(member.name, to: &text)
                text += indentation == nil ? ":" : ": "
                member.value.write(to: &text, indentation: indentation)
            }
        }
    }

    private static func write<Element>(
        _ elements: [Element], between brackets: (String, String), to text: inout String, _ indentation: String?,
        _ write: (Element, inout String, String?) -> Void
    ) {
        let inner = indentation.flatMap { $0.utf8.count <= deepestLine ? $0 + "  " : nil }
        text += brackets.0
        for (index, element) in elements.enumerated() {
            if index > 0 { text += "," }
            text += inner ?? ""
            write(element, &text, inner)
        }
        if inner != nil, !elements.isEmpty { text += indentation ?? "" }
        text += brackets.1
    }

    private static func write(_ content: String, to text: inout String) {
        text += "\""
        for scalar in content.unicodeScalars {
            switch scalar {
            case "\"", "\\": text += "\\\(scalar)"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\0"..<" ": text += "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
