import Contracts
import Database
import FoundationEssentials
import Foundations

/// A field of `filter` that a list can be asked by.
struct QueryFilter: Sendable {
    let name: String
    /// What it takes, for those who offer it to others.
    var form = QueryFilterForm.text
    /// The conditions that the field makes, each to be looked up by itself; `nil` where it says nothing.
    let conditions: @Sendable (FieldReader) throws(FieldError) -> [SQL]?
    /// Whether no index answers it: a page looks through a bounded number of items, see ``QueryStatement``.
    var isSearch = false

    /// The same where no index answers it.
    var looking: QueryFilter { QueryFilter(name: name, form: form, conditions: conditions, isSearch: true) }

    /// The most bytes of a text that is looked for.
    static let longestText = 256

    /// Items from a time on.
    static func since(_ column: SQL) -> QueryFilter {
        QueryFilter(name: "since", form: .time) { fields throws(FieldError) in
            try fields.time("since").map { ["\(column) >= \($0)"] }
        }
    }

    /// Items before a time.
    static func until(_ column: SQL) -> QueryFilter {
        QueryFilter(name: "until", form: .time) { fields throws(FieldError) in
            try fields.time("until").map { ["\(column) < \($0)"] }
        }
    }

    /// Events with a `seq` behind one.
    static func sinceEvent(_ column: SQL) -> QueryFilter {
        QueryFilter(name: "since", form: .count) { fields throws(FieldError) in
            try fields.optionalInt("since", in: 0...Int.max).map { ["\(column) > \($0)"] }
        }
    }

    /// Items of a workflow.
    static func workflow(_ column: SQL) -> QueryFilter { uuid("workflow", column) }

    /// Items whose column is a UUID.
    static func uuid(_ name: String, _ column: SQL) -> QueryFilter {
        QueryFilter(name: name, form: .uuid) { fields throws(FieldError) in
            guard let text = try fields.optionalString(name, atMost: 64) else { return nil }
            guard let id = UUID(uuidString: text) else { throw fields.error(name, "expected a UUID") }
            return ["\(column) = \(id)"]
        }
    }

    /// Items one of whose columns holds a text, in any case of its letters.
    static func text(in columns: SQL...) -> QueryFilter {
        QueryFilter(
            name: "text",
            conditions: { fields throws(FieldError) in
                guard let text = try fields.optionalString("text", atMost: longestText) else { return nil }
                guard !text.isEmpty else { throw fields.error("text", "expected a text to look for") }
                return ["position(lower(\(text)) in lower(concat_ws(' ', \(SQL.list(columns))))) > 0"]
            }, isSearch: true)
    }

    /// The item of an id.
    static func identifier(_ name: String, _ column: SQL) -> QueryFilter {
        QueryFilter(name: name) { fields throws(FieldError) in
            try fields.optionalString(name, atMost: 128).map { ["\(column) = \($0)"] }
        }
    }

    /// Items whose column is one of the texts that the field names, alone or in a list.
    static func among(_ name: String, _ column: SQL, of known: [String]) -> QueryFilter {
        QueryFilter(name: name, form: .words(known)) { fields throws(FieldError) in
            try fields.textOrTexts(name, of: known).map { ["\(column) = any (\($0))"] }
        }
    }
}

extension FieldReader {
    /// The time of a field.
    func time(_ name: String) throws(FieldError) -> Date? {
        guard let text = try optionalString(name, atMost: 64) else { return nil }
        guard let date = Timestamp.date(text) else { throw error(name, "expected an ISO 8601 time with Z") }
        return date
    }

    /// The texts of a field that holds one or a list of them.
    func textOrTexts(_ name: String) throws(FieldError) -> [String]? {
        if case .string(let text)? = value(name) { return [text] }
        return try optionalStrings(name, atMost: 32)
    }

    /// The texts of a field that holds one or a list of them, each one of `known`.
    func textOrTexts(_ name: String, of known: [String]) throws(FieldError) -> [String]? {
        guard let texts = try textOrTexts(name) else { return nil }
        guard !texts.isEmpty, texts.allSatisfy(known.contains) else {
            throw error(name, "expected some of \(known.joined(separator: ", "))")
        }
        return texts
    }
}
