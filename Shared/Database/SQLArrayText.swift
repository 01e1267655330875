/// The text form of arrays of one dimension: `{1,2,NULL,"a \"quoted\" text"}`.
enum SQLArrayText {
    /// Every element is quoted, so no element can be read as NULL or as the end of the array.
    static func encode(_ elements: [SQLParameter.Payload]) -> String {
        "{" + elements.map(encode).joined(separator: ",") + "}"
    }

    private static func encode(_ element: SQLParameter.Payload) -> String {
        guard case .text(let text) = element else { return "NULL" }
        var quoted = "\""
        for scalar in text.unicodeScalars {
            if scalar == "\"" || scalar == "\\" { quoted.unicodeScalars.append("\\") }
            quoted.unicodeScalars.append(scalar)
        }
        return quoted + "\""
    }

    /// The elements, `nil` for NULL; `nil` altogether if `text` is not an array of one dimension.
    static func decode(_ text: String) -> [String?]? {
        let scalars = text.unicodeScalars
        guard scalars.first == "{", scalars.last == "}", scalars.count >= 2 else { return nil }
        var reader = Reader(rest: scalars.dropFirst().dropLast())
        return reader.elements()
    }

    private struct Reader {
        var rest: String.UnicodeScalarView.SubSequence

        mutating func elements() -> [String?]? {
            guard !rest.isEmpty else { return [] }
            var elements: [String?] = []
            while true {
                guard let element = rest.first == "\"" ? quoted() : plain() else { return nil }
                elements.append(element)
                guard let separator = rest.popFirst() else { return elements }
                guard separator == "," else { return nil }
            }
        }

        private mutating func quoted() -> String?? {
            rest.removeFirst()
            var element = String.UnicodeScalarView()
            while let scalar = rest.popFirst() {
                if scalar == "\"" { return .some(String(element)) }
                guard scalar == "\\" else {
                    element.append(scalar)
                    continue
                }
                guard let escaped = rest.popFirst() else { return nil }
                element.append(escaped)
            }
            return nil
        }

        private mutating func plain() -> String?? {
            let element = rest.prefix { $0 != "," && $0 != "{" && $0 != "\"" }
            rest = rest[element.endIndex...]
            guard !element.isEmpty else { return nil }
            let text = String(element)
            return .some(text == "NULL" ? nil : text)
        }
    }
}
