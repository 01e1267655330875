/// An id that is safe as a subject token, a path component, a part of a ref and a SQL value.
///
/// Shape: `[A-Za-z0-9_-]{1,64}`. The client library for the bus does not validate subjects, so an unchecked id is an
/// injection vector: an id is validated once, where it enters, and only this type travels further.
package protocol SafeIdentifier: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The validated text.
    var text: String { get }
    /// Stores text that was already validated.
    init(validated text: String)
}

extension SafeIdentifier {
    /// The id, or `nil` if `text` is not `[A-Za-z0-9_-]{1,64}`.
    package init?(_ text: some StringProtocol) {
        guard Self.accepts(text) else { return nil }
        self.init(validated: String(text))
    }

    /// Whether `text` has the shape of an id.
    package static func accepts(_ text: some StringProtocol) -> Bool {
        let bytes = text.utf8
        guard (1...64).contains(bytes.count) else { return false }
        return bytes.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                return true
            default: return false
            }
        }
    }

    /// The id that is nobody's: in the place of a task, project or company it stands for all of the one before.
    package static var all: Self { Self(validated: "-") }

    package var standsForAll: Bool { text == Self.all.text }

    package var description: String { text }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let id = Self(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "expected [A-Za-z0-9_-]{1,64}")
        }
        self = id
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

/// A company: the tenant that tasks, limits and budgets belong to.
package struct CompanyID: SafeIdentifier {
    package let text: String
    package init(validated text: String) { self.text = text }
}

/// A project of a company.
package struct ProjectID: SafeIdentifier {
    package let text: String
    package init(validated text: String) { self.text = text }
}

/// A task as its submitter names it, unique within company and project.
package struct TaskID: SafeIdentifier {
    package let text: String
    package init(validated text: String) { self.text = text }
}
