import Foundations

extension String {
    /// The text without NUL, which Postgres cannot hold.
    var storable: String { utf8.contains(0) ? replacing("\0", with: "\u{FFFD}") : self }
}

extension JSONValue {
    /// The value without NUL in its texts, which `jsonb` cannot hold.
    var storable: JSONValue {
        switch self {
        case .string(let text): .string(text.storable)
        case .array(let values): .array(values.map(\.storable))
        case .object(let members):
            .object(Dictionary(members.map { ($0.key.storable, $0.value.storable) }) { first, _ in first })
        default: self
        }
    }
}
