import Contracts
import Foundations

/// What becomes of a task of a file, or would.
package enum TaskChange: Sendable, Hashable {
    case create
    /// It waits, and asks for something else from then on.
    case update
    case unchanged
    /// Most of all because it has begun with other content.
    case refused(code: String, reason: String)

    /// As the front door answers a submission that may update.
    package init(_ reply: Reply) {
        switch reply {
        case .ok(let fields) where fields["duplicate"] == true: self = .unchanged
        case .ok(let fields): self = fields["updated"] == true ? .update : .create
        case .error(let code, let message, _): self = .refused(code: code, reason: message)
        }
    }

    /// The word for it.
    package var word: String {
        switch self {
        case .create: "create"
        case .update: "update"
        case .unchanged: "unchanged"
        case .refused: "refused"
        }
    }
}

/// What becomes of each task of a file, in its order. A pure value.
package struct TaskPlan: Sendable, Hashable {
    package struct Row: Sendable, Hashable {
        package let entry: TaskFile.Entry
        package var change: TaskChange

        package init(_ entry: TaskFile.Entry, _ change: TaskChange) {
            self.entry = entry
            self.change = change
        }

        /// Why it is refused; `nil` if it is not.
        package var refusal: (code: String, reason: String)? {
            guard case .refused(let code, let reason) = change else { return nil }
            return (code, reason)
        }

        /// Whether there is something to do.
        var isOpen: Bool { change == .create || change == .update }
    }

    package var rows: [Row]

    package init(_ rows: [Row]) { self.rows = rows }

    package var refused: [Row] { rows.filter { $0.refusal != nil } }

    /// How many there are of each word, all of them.
    package var counts: [(word: String, count: Int)] {
        ["create", "update", "unchanged", "refused"].map { word in
            (word, rows.count(where: { $0.change.word == word }))
        }
    }

    package var json: JSONValue {
        .array(
            rows.map { row in
                var item: [String: JSONValue] = [
                    "company_id": .string(row.entry.address.company.text),
                    "project_id": .string(row.entry.address.project.text),
                    "task_id": .string(row.entry.address.task.text), "title": .string(row.entry.title),
                    "change": .string(row.change.word),
                ]
                item["line"] = row.entry.place.map { JSONValue.int($0.line) }
                if let refusal = row.refusal {
                    item["error"] = ["code": .string(refusal.code), "message": .string(refusal.reason)]
                }
                return .object(item)
            })
    }
}
