import Contracts
import Foundations

/// A line of the services' logs in the record, as whoever follows them gets it.
package struct RecordedLine: Sendable {
    /// In the order in which lines can be seen: who has seen one has seen all with lower ids.
    package let id: Int
    let level: String
    let service: String
    /// The task that it is about.
    let task: TaskAddress?
    private let fields: [String: JSONValue]
    /// In lower case, to be looked through.
    private let message: String
    private let facts: String

    /// What operators alone are shown.
    private static let ofOperators = ["replica", "facts"]

    /// - Parameter fields: As `query logs` shows them to operators.
    init(_ fields: [String: JSONValue]) {
        self.fields = fields
        id = fields["id"]?.intValue ?? 0
        level = fields["level"]?.stringValue ?? ""
        service = fields["service"]?.stringValue ?? ""
        task = Self.task(fields)
        message = (fields["message"]?.stringValue ?? "").lowercased()
        let facts = fields["facts"]?.objectValue ?? [:]
        self.facts = facts.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.stringValue ?? "")" }
            .joined(separator: "\n").lowercased()
    }

    private static func task(_ fields: [String: JSONValue]) -> TaskAddress? {
        guard let company = fields["company_id"]?.stringValue.flatMap({ CompanyID($0) }),
            let project = fields["project_id"]?.stringValue.flatMap({ ProjectID($0) }),
            let task = fields["task_id"]?.stringValue.flatMap({ TaskID($0) })
        else { return nil }
        return TaskAddress(company: company, project: project, task: task)
    }

    /// The line as it is shown to those who ask of `scope`: as `query logs` does.
    package func item(in scope: QueryScope) -> JSONValue {
        .object(scope == .platform ? fields : fields.filter { !Self.ofOperators.contains($0.key) })
    }

    /// Whether it holds a text in lower case: for operators also in its facts.
    func says(_ text: String, in scope: QueryScope) -> Bool {
        message.contains(text) || scope == .platform && facts.contains(text)
    }
}

/// Lines behind a place.
package struct LogBatch: Sendable {
    package let lines: [RecordedLine]
    /// Of all lines up to here those that were wanted are in it, or in batches before it.
    package let upTo: Int

    package init(lines: [RecordedLine], upTo: Int) {
        self.lines = lines
        self.upTo = upTo
    }
}
