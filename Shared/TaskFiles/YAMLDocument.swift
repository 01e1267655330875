import Foundations
import Yams

/// A document of YAML, and so of JSON too, that knows where each of its values stands.
package struct YAMLDocument {
    /// The most values of a document: an alias counts as all that it stands for.
    private static let maximumValues = 100_000

    /// What it says.
    package let value: JSONValue
    private let root: Node?

    package init(_ text: String) throws(DocumentError) {
        do {
            root = try Yams.compose(yaml: text)
        } catch {
            throw DocumentError(error)
        }
        var left = Self.maximumValues
        value = if let root { try Self.value(of: root, &left) } else { .null }
    }

    /// Where what a path such as `tasks[2].priority` names stands, or what is there of the way to it.
    package func place(of path: String) -> TextPlace? {
        guard var node = root else { return nil }
        for name in path.split(whereSeparator: { ".[]".contains($0) }) {
            guard let child = Self.child(String(name), of: node) else { break }
            node = child
        }
        return TextPlace(node.mark)
    }

    private static func child(_ name: String, of node: Node) -> Node? {
        switch node {
        case .mapping(let mapping): return mapping.first { text(of: $0.key) == name }?.value
        case .sequence(let sequence):
            let items = Array(sequence)
            guard let index = Int(name), items.indices.contains(index) else { return nil }
            return items[index]
        case .scalar, .alias: return nil
        }
    }

    private static func text(of key: Node) -> String? {
        guard case .scalar(let scalar) = key else { return nil }
        return scalar.string
    }

    // MARK: Values

    private static func value(of node: Node, _ left: inout Int) throws(DocumentError) -> JSONValue {
        left -= 1
        guard left >= 0 else { throw DocumentError(place: TextPlace(node.mark), reason: "the document holds too much") }
        switch node {
        case .scalar(let scalar): return value(of: scalar)
        case .sequence(let sequence):
            var values: [JSONValue] = []
            for item in sequence { values.append(try value(of: item, &left)) }
            return .array(values)
        case .mapping(let mapping): return .object(try members(of: mapping, &left))
        case .alias: throw DocumentError(place: TextPlace(node.mark), reason: "an alias of nothing")
        }
    }

    /// What it says itself goes before what it merges.
    private static func members(
        of mapping: Node.Mapping, _ left: inout Int
    ) throws(DocumentError) -> [String: JSONValue] {
        var (own, merged) = ([String: JSONValue](), [String: JSONValue]())
        for (key, item) in mapping {
            guard let name = text(of: key) else {
                throw DocumentError(place: TextPlace(key.mark), reason: "the name of a field has to be a text")
            }
            let value = try value(of: item, &left)
            guard name == "<<" else {
                own[name] = value
                continue
            }
            for source in value.arrayValue ?? [value] { merged.merge(source.objectValue ?? [:]) { first, _ in first } }
        }
        return merged.merging(own) { $1 }
    }

    private static func value(of scalar: Node.Scalar) -> JSONValue {
        let text = scalar.string
        guard scalar.style == .plain else { return .string(text) }
        if ["", "~", "null", "Null", "NULL"].contains(text) { return .null }
        if let flag = Bool.construct(from: scalar) { return .bool(flag) }
        if text.wholeMatch(of: /[-+]?[0-9]+/) != nil, let number = Int(text) { return .int(number) }
        if text.wholeMatch(of: /[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?/) != nil,
            let number = Double(text), number.isFinite
        {
            return .double(number)
        }
        return .string(text)
    }
}

extension TextPlace {
    fileprivate init?(_ mark: Mark?) {
        guard let mark else { return nil }
        self.init(line: mark.line, column: mark.column)
    }

    /// The place of a character of a text.
    fileprivate init(of offset: Int, in text: String) {
        let before = text.prefix(offset)
        let line = before.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        self.init(line: line.count, column: (line.last?.count ?? 0) + 1)
    }
}

extension DocumentError {
    fileprivate init(_ error: any Error) {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _)?, .parser(_, let problem, let mark, _)?,
            .composer(_, let problem, let mark, _)?:
            self.init(place: TextPlace(mark), reason: problem)
        case .reader(let problem, let offset, _, let text)?:
            self.init(place: offset.map { TextPlace(of: $0, in: text) }, reason: problem)
        case .duplicatedKeysInMapping(let names, let context)?:
            self.init(place: TextPlace(context.mark), reason: "`\(names.first ?? "")` is there twice")
        default:
            self.init(reason: "is no YAML")
        }
    }
}
