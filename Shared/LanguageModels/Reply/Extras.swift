import Foundations

/// The members that this system does not read, put together over the pieces of a reply.
///
/// Texts are continued; objects and lists of numbered objects are continued member by member; of anything else the last
/// counts, and so it does for texts that name something, such as `type`, `id` and signatures.
struct Extras {
    private(set) var members: [String: JSONValue] = [:]

    init() {}

    /// Continues the members by those of a piece.
    mutating func add(_ piece: [String: JSONValue]) {
        for (key, value) in piece { Self.continue(&members[key, default: .null], by: value, key: key) }
    }

    /// Takes the members of a whole message, which repeat what came in pieces.
    mutating func replace(by whole: [String: JSONValue]) {
        for (key, value) in whole where value != .null && (value != "" || members[key] == nil) { members[key] = value }
    }

    /// Joins characters that were cut in two, see ``HalfSurrogate``.
    mutating func joinHalves() { members = members.mapValues(Self.joined) }

    private static func joined(_ value: JSONValue) -> JSONValue {
        switch value {
        case .string(let text): .string(HalfSurrogate.joined(text))
        case .array(let values): .array(values.map(joined))
        case .object(let members): .object(members.mapValues(joined))
        default: value
        }
    }
}

// MARK: Continuing

extension Extras {
    private static let names: Set<String> = [
        "type", "format", "id", "index", "role", "name", "object", "model", "provider", "status", "mime_type", "phase",
    ]

    private static func isName(_ key: String) -> Bool {
        names.contains(key) || key.hasSuffix("_id") || key.lowercased().hasSuffix("signature")
    }

    /// The old value is emptied before the new one is made of it, so that nothing is copied.
    private static func `continue`(_ old: inout JSONValue, by new: JSONValue, key: String) {
        switch (old, new) {
        case (_, .null): return
        case (.string(var text), .string(let more)) where !isName(key):
            old = .null
            text += more
            old = .string(text)
        case (.string(let text), "") where !text.isEmpty: return
        case (.array(var values), .array(let more)):
            old = .null
            for value in more { add(value, to: &values) }
            old = .array(values)
        case (.object(var members), .object(let more)):
            old = .null
            for (key, value) in more { `continue`(&members[key, default: .null], by: value, key: key) }
            old = .object(members)
        default: old = new
        }
    }

    private static func add(_ value: JSONValue, to values: inout [JSONValue]) {
        // Pieces without a number follow each other; numbered ones may come in turns.
        let candidates = values.suffix(value["index"] == nil ? 1 : 256)
        if let place = candidates.lastIndex(where: { isContinued($0, by: value) }) {
            `continue`(&values[place], by: value, key: "")
        } else {
            values.append(value)
        }
    }

    /// Whether `new` is a piece of `old`: both have one number, or none and text; they name no different type or id; and
    /// what is signed is whole.
    private static func isContinued(_ old: JSONValue, by new: JSONValue) -> Bool {
        guard old.objectValue != nil, new.objectValue != nil, old["index"] == new["index"] else { return false }
        for key in ["type", "id"] {
            if let one = old[key], let other = new[key], one != .null, other != .null, one != other { return false }
        }
        return old["index"] != nil || isText(old) && isText(new) && !isSigned(old)
    }

    private static func isSigned(_ value: JSONValue) -> Bool {
        switch value["signature"] {
        case nil, .null, .string(""): false
        default: true
        }
    }

    private static func isText(_ value: JSONValue) -> Bool {
        ["text", "summary", "thinking"].contains { value[$0] != nil }
    }
}

extension JSONValue {
    /// About how many bytes its text has; `nil` if it has more than `levels` within each other, so that whatever holds
    /// it can still be read.
    func approximateBytes(levels: Int) -> Int? {
        var count = 8
        switch self {
        case .string(let text): count += text.utf8.count
        case .array(let values):
            guard levels > 0 else { return nil }
            for value in values {
                guard let more = value.approximateBytes(levels: levels - 1) else { return nil }
                count += more
            }
        case .object(let members):
            guard levels > 0 else { return nil }
            for (key, value) in members {
                guard let more = value.approximateBytes(levels: levels - 1) else { return nil }
                count += key.utf8.count + more
            }
        default: break
        }
        return count
    }
}
