/// Header fields in the order they came. Names are compared without regard to case.
package struct HTTPHeaders: Sendable {
    /// All fields, a repeated name as often as it came.
    package private(set) var fields: [(name: String, value: String)] = []

    package init() {}

    package init(_ fields: [(String, String)]) {
        self.fields = fields.map { (name: $0.0, value: $0.1) }
    }

    /// The first value of `name`.
    package subscript(name: String) -> String? {
        let name = name.lowercased()
        return fields.first { $0.name.lowercased() == name }?.value
    }

    mutating func append(_ name: String, _ value: String) { fields.append((name: name, value: value)) }
}
