import Foundations

/// A field of a message that is not as the contract wants it, named by its path.
package struct FieldError: Error, Hashable, CustomStringConvertible {
    /// For example `repository.remote_url`; empty for the message itself.
    package let path: String
    /// For example `missing` or `expected 1…10`.
    package let reason: String

    package init(path: String, reason: String) {
        self.path = path
        self.reason = reason
    }

    package var description: String { path.isEmpty ? reason : "\(path): \(reason)" }
}

/// Reads the fields of a JSON object strictly: a wrong type is refused by its path, an unknown field is ignored.
///
/// No error repeats a value: it may be a secret in the wrong place, and errors are published, logged and kept.
package struct FieldReader: Sendable {
    private let members: [String: JSONValue]
    private let path: String

    package init(_ value: JSONValue, path: String = "") throws(FieldError) {
        guard case .object(let members) = value else {
            throw FieldError(path: path, reason: "expected an object, got \(value.kind)")
        }
        self.members = members
        self.path = path
    }

    /// The path of a field of this object.
    package func path(of name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    /// An error about a field of this object.
    package func error(_ name: String, _ reason: String) -> FieldError {
        FieldError(path: path(of: name), reason: reason)
    }

    /// The field, `nil` if it is absent or null.
    package func value(_ name: String) -> JSONValue? {
        guard let value = members[name], value != .null else { return nil }
        return value
    }

    /// Refuses what has another name than `known`: only for what nobody else reads, since messages may hold more.
    package func refuseOthers(than known: [String]) throws(FieldError) {
        guard let other = members.keys.filter({ !known.contains($0) }).min() else { return }
        throw error(other.clipped(64), "there is no such field; the fields here are \(known.joined(separator: ", "))")
    }

    /// A required value of a given kind.
    private func require<T>(_ value: T?, _ name: String) throws(FieldError) -> T {
        guard let value else { throw error(name, "missing") }
        return value
    }

    private func read<T>(_ name: String, _ kind: String, _ convert: (JSONValue) -> T?) throws(FieldError) -> T? {
        guard let value = value(name) else { return nil }
        guard let converted = convert(value) else { throw error(name, "expected \(kind), got \(value.kind)") }
        return converted
    }

    package func optionalString(_ name: String, atMost limit: Int = 1 << 20) throws(FieldError) -> String? {
        let text = try read(name, "a string") { $0.stringValue }
        if let text, text.utf8.count > limit { throw error(name, "longer than \(limit) bytes") }
        if let text { try refuseNUL(in: .string(text), name) }
        return text
    }

    /// A text that must be there and not be empty.
    package func string(_ name: String, atMost limit: Int = 1 << 20) throws(FieldError) -> String {
        let text = try require(try optionalString(name, atMost: limit), name)
        guard !text.isEmpty else { throw error(name, "empty") }
        return text
    }

    package func identifier<ID: SafeIdentifier>(_ name: String, _ type: ID.Type = ID.self) throws(FieldError) -> ID {
        let text = try string(name)
        guard let id = ID(text) else { throw error(name, "expected [A-Za-z0-9_-]{1,64}") }
        return id
    }

    package func optionalBool(_ name: String) throws(FieldError) -> Bool? {
        try read(name, "true or false") { $0.boolValue }
    }

    package func optionalInt(_ name: String, in range: ClosedRange<Int>) throws(FieldError) -> Int? {
        guard let number = try read(name, "a whole number", { $0.intValue }) else { return nil }
        guard range.contains(number) else {
            throw error(name, "expected \(range.lowerBound)…\(range.upperBound)")
        }
        return number
    }

    package func optionalDouble(_ name: String, in range: ClosedRange<Double>) throws(FieldError) -> Double? {
        guard let number = try read(name, "a number", { $0.doubleValue }) else { return nil }
        guard range.contains(number) else {
            throw error(name, "expected \(range.lowerBound)…\(range.upperBound)")
        }
        return number
    }

    /// A list of texts; `nil` if absent.
    package func optionalStrings(_ name: String, atMost limit: Int = 1000) throws(FieldError) -> [String]? {
        guard let values = try read(name, "a list", { $0.arrayValue }) else { return nil }
        guard values.count <= limit else { throw error(name, "more than \(limit) entries") }
        var texts: [String] = []
        for (index, value) in values.enumerated() {
            guard let text = value.stringValue else {
                throw error("\(name)[\(index)]", "expected a string, got \(value.kind)")
            }
            try refuseNUL(in: value, "\(name)[\(index)]")
            texts.append(text)
        }
        return texts
    }

    /// A list of texts none of which is blank or longer than `bytes`; empty if absent.
    package func texts(_ name: String, atMost count: Int, bytes: Int) throws(FieldError) -> [String] {
        let texts = try optionalStrings(name, atMost: count) ?? []
        for (index, text) in texts.enumerated() {
            guard !text.trimmed.isEmpty else { throw error("\(name)[\(index)]", "empty") }
            guard text.utf8.count <= bytes else { throw error("\(name)[\(index)]", "longer than \(bytes) bytes") }
        }
        return texts
    }

    package func optionalObject(_ name: String) throws(FieldError) -> [String: JSONValue]? {
        let members = try read(name, "an object") { $0.objectValue }
        if let members { try refuseNUL(in: .object(members), name) }
        return members
    }

    /// A NUL byte has no place in a database's text, nor in an argument or a path.
    private func refuseNUL(in value: JSONValue, _ name: String) throws(FieldError) {
        if value.holdsNUL { throw error(name, "holds a NUL byte") }
    }

    /// A reader of a nested object; an absent one reads as empty.
    package func object(_ name: String, required: Bool = false) throws(FieldError) -> FieldReader {
        guard let value = value(name) else {
            guard !required else { throw error(name, "missing") }
            return try FieldReader(.object([:]), path: path(of: name))
        }
        return try FieldReader(value, path: path(of: name))
    }

    /// Refuses what no URL holds, and user information: a URL is shown to people, a secret is not.
    ///
    /// - Parameter mayNameUser: Whether the name of a user may stand before the host, as hosting services write it.
    package func checkURL(_ url: String, _ name: String, mayNameUser: Bool = false) throws(FieldError) {
        guard !url.hasPrefix("-"), !url.unicodeScalars.contains(where: { $0.value < 0x21 || $0.value == 0x7F }) else {
            throw error(name, "holds white space, a control character or a leading dash")
        }
        guard let scheme = url.firstRange(of: "://") else { return }
        let authority = url[scheme.upperBound...].prefix { !"/?#".contains($0) }
        guard let at = authority.lastIndex(of: "@") else { return }
        guard mayNameUser else { throw error(name, "must not hold a user or password") }
        let user = authority[..<at]
        guard !user.contains(":"), !user.lowercased().contains("%3a") else {
            throw error(name, "must not hold a password: it belongs into credentials")
        }
        // Azure's users are the organisations that the path begins with.
        let names = url[authority.endIndex...].split(separator: "/")
        guard names.contains(user) || !UserName.looksLikeToken(user) else {
            throw error(name, "holds what looks like a token in place of a user: it belongs into credentials")
        }
    }

    /// A text that must be one of the cases of `type`.
    package func optionalCase<T>(_ name: String, of type: T.Type) throws(FieldError) -> T?
    where T: RawRepresentable & CaseIterable, T.RawValue == String {
        guard let text = try optionalString(name) else { return nil }
        guard let value = T(rawValue: text) else {
            let cases = type.allCases.map(\.rawValue).joined(separator: ", ")
            throw error(name, "expected one of \(cases)")
        }
        return value
    }
}

extension JSONValue {
    /// Whether a text or a key in it holds a NUL byte.
    fileprivate var holdsNUL: Bool {
        switch self {
        case .string(let text): text.utf8.contains(0)
        case .array(let values): values.contains { $0.holdsNUL }
        case .object(let members): members.contains { $0.key.utf8.contains(0) || $0.value.holdsNUL }
        case .null, .bool, .int, .double: false
        }
    }

    /// What kind of JSON value it is, for messages.
    package var kind: String {
        switch self {
        case .null: "null"
        case .bool: "true or false"
        case .int, .double: "a number"
        case .string: "a string"
        case .array: "a list"
        case .object: "an object"
        }
    }
}
