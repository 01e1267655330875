import Contracts
import Foundations

/// Where the tasks of a file are submitted.
package protocol TaskDoor: Sendable {
    /// What the front door answers. Throws where it cannot be asked.
    func submit(_ submission: JSONValue, _ address: TaskAddress) async throws -> Reply
}

extension TaskFile {
    /// What would become of each of its tasks by what the record knows of their ids and contents; nothing is done.
    package func plan(at door: some TaskDoor) async throws -> TaskPlan {
        var rows: [TaskPlan.Row] = []
        for entry in entries {
            let reply = try await door.submit(entry.asking(["update": true, "dry_run": true]), entry.address)
            rows.append(TaskPlan.Row(entry, TaskChange(reply)))
        }
        return TaskPlan(rows)
    }
}

extension TaskPlan {
    /// Submits what is new and what has changed while it waits; what is refused is not asked for. Returns what became
    /// of it: a task may have begun meanwhile.
    package func carriedOut(at door: some TaskDoor) async throws -> TaskPlan {
        var done = self
        for (index, row) in rows.enumerated() where row.isOpen {
            let reply = try await door.submit(row.entry.asking(["update": true]), row.entry.address)
            done.rows[index].change = TaskChange(reply)
        }
        return done
    }
}

extension TaskFile.Entry {
    /// The submission with wishes that are no part of its content.
    fileprivate func asking(_ wishes: [String: JSONValue]) -> JSONValue {
        .object((submission.objectValue ?? [:]).merging(wishes) { $1 })
    }
}
