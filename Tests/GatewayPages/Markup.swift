import Foundation

/// A page as a browser reads it: the tags with their attributes, and the texts between them. Throws where a browser would
/// have to guess.
struct Markup {
    struct Element {
        let name: String
        let attributes: [(name: String, value: String)]
        /// What encloses it, the root first.
        let path: [String]
        var text = ""

        /// Its place, its name and the names of its attributes.
        var shape: String { "\(path.joined(separator: ">"))>\(name) \(attributes.map(\.name).joined(separator: " "))" }

        subscript(_ name: String) -> String? { attributes.first { $0.name == name }?.value }
    }

    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    private(set) var elements: [Element] = []
    private var open: [Int] = []

    private static let void: Set = ["meta", "link", "input", "hr", "br"]

    init(_ html: String) throws {
        var rest = Substring(html)
        while let next = rest.firstIndex(of: "<") {
            try text(rest[..<next])
            rest = rest[next...]
            if rest.hasPrefix("<!doctype html>") {
                rest = rest.dropFirst(15)
            } else if rest.hasPrefix("</") {
                try close(rest.dropFirst(2).prefix { $0 != ">" })
                rest = rest[(rest.firstIndex(of: ">") ?? rest.startIndex)...].dropFirst()
            } else {
                rest = try tag(rest.dropFirst())
            }
        }
        try text(rest)
        guard open.isEmpty else { throw Fault(description: "open at the end: \(open.map { elements[$0].name })") }
    }

    private mutating func text(_ text: Substring) throws {
        if text.unicodeScalars.contains(where: { $0 == ">" }) { throw Fault(description: "> in text: \(text)") }
        if let last = open.last { elements[last].text += text }
    }

    private mutating func close(_ name: Substring) throws {
        guard let last = open.popLast(), elements[last].name == name else {
            throw Fault(description: "</\(name)> closes nothing, \(open.map { elements[$0].name })")
        }
    }

    private mutating func tag(_ text: Substring) throws -> Substring {
        let scalars = text.unicodeScalars
        var index = scalars.startIndex
        func word() -> String {
            let start = index
            while index < scalars.endIndex,
                scalars[index].properties.isAlphabetic || "-_0123456789".unicodeScalars.contains(scalars[index])
            {
                index = scalars.index(after: index)
            }
            return String(scalars[start..<index])
        }
        let name = word()
        guard !name.isEmpty else { throw Fault(description: "< begins no tag: \(text.prefix(40))") }
        var attributes: [(String, String)] = []
        while true {
            while scalars[index].properties.isWhitespace { index = scalars.index(after: index) }
            if scalars[index] == "/" || scalars[index] == ">" { break }
            let attribute = word()
            guard !attribute.isEmpty, !attributes.contains(where: { $0.0 == attribute }) else {
                throw Fault(description: "no attribute or one twice in <\(name)>: \(text.prefix(120))")
            }
            guard scalars[index] == "=" else {
                attributes.append((attribute, ""))
                continue
            }
            index = scalars.index(after: index)
            guard scalars[index] == "\"" else { throw Fault(description: "\(attribute) of <\(name)> is not quoted") }
            index = scalars.index(after: index)
            guard let end = scalars[index...].firstIndex(of: "\"") else { throw Fault(description: "open quote") }
            attributes.append((attribute, String(scalars[index..<end])))
            index = scalars.index(after: end)
        }
        elements.append(Element(name: name, attributes: attributes, path: open.map { elements[$0].name }))
        let isEmpty = scalars[index] == "/" || Self.void.contains(name)
        if !isEmpty { open.append(elements.count - 1) }
        let end = scalars[index...].firstIndex(of: ">") ?? index
        return Substring(text[end...]).dropFirst()
    }

}
