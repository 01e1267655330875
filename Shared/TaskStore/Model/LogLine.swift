import Contracts
import FoundationEssentials
import Foundations

/// A line of a service's log as it is recorded, without secrets.
package struct LogLine: Sendable, Hashable {
    package let time: Date
    /// As swift-log names it, such as `warning`.
    package let level: String
    package let message: String
    package let facts: [String: String]
    /// The workflow that it is about, if its facts name one.
    package let workflowID: UUID?

    package init(time: Date, level: String, message: String, facts: [String: String]) {
        self.time = time
        self.level = level
        self.message = message.clipped(Self.longestText)
        self.facts = facts.mapValues { $0.clipped(Self.longestText) }
        workflowID = facts["workflow_id"].flatMap { UUID(uuidString: $0) }
    }

    private static let longestText = 2000

    /// For a statement that takes a list of lines as one value.
    var json: JSONValue {
        [
            "time": .string(Timestamp.text(time)), "level": .string(level), "message": .string(message),
            "facts": .object(facts.mapValues(JSONValue.string)),
            "workflow_id": workflowID.map { JSONValue.string($0.text) } ?? .null,
        ]
    }
}
