import Database

/// What kind of effect a journal entry records.
package struct JournalKind: RawRepresentable, Sendable, Hashable, SQLEncodable, SQLDecodable {
    package let rawValue: String

    package init(rawValue: String) { self.rawValue = rawValue }

    package static let modelCall = JournalKind(rawValue: "model_call")
    package static let toolCall = JournalKind(rawValue: "tool_call")
    package static let push = JournalKind(rawValue: "push")
    /// No effect: something that was decided once and holds for the whole run.
    package static let fact = JournalKind(rawValue: "fact")
}
