import Contracts

extension Invariant {
    /// Every accepted task is recorded once, has ended as it may, and one event says so.
    static let oneEnd = Invariant("one end of each task") { testimony in
        let rows = Dictionary(grouping: testimony.record.tasks, by: \.task)
        let ends = Dictionary(grouping: testimony.stored.filter { Self.terminal.contains($0.type) }, by: \.task)
        return testimony.accepted.flatMap { task -> [(what: String, task: String?)] in
            let found = rows[task.id] ?? []
            guard found.count == 1, let row = found.first else {
                return [("\(task.id) is recorded \(found.count) times", task.id)]
            }
            var breaches: [(what: String, task: String?)] = []
            if !task.expected.map(\.rawValue).contains(row.status) {
                breaches.append(("\(task.id) is \(row.status)", task.id))
            }
            let events = Set((ends[task.id] ?? []).map(\.eventID)).count
            if events != 1 { breaches.append(("\(task.id) has \(events) terminal events", task.id)) }
            return breaches
        }
    }

    private static let terminal = Set([EventType.workflowCompleted, .workflowFailed].map(\.rawValue))

    /// The branch of a completed task whose flow pushes was created once, with the commit of the record; nothing else was
    /// pushed, of sub-tasks neither.
    static let onePush = Invariant("one push of each completed task") { testimony in
        var updates = Dictionary(grouping: testimony.refUpdates, by: \.ref)
        var breaches: [(what: String, task: String?)] = []
        for task in testimony.record.tasks where task.pushes && task.status == TerminalStatus.completed.rawValue {
            let seen = updates.removeValue(forKey: "refs/heads/\(task.branch ?? "")") ?? []
            let isRight = seen.count == 1 && seen[0].new == task.commit && seen[0].old == RefUpdate.none
            if !isRight {
                let told = seen.map { "\($0.old.prefix(8))→\($0.new.prefix(8))" }.joined(separator: ", ")
                breaches.append(("\(task.task) recorded \(task.commit ?? "no commit"), pushed [\(told)]", task.task))
            }
        }
        return breaches + updates.keys.sorted().map { ("\($0) was pushed by no completed task", nil) }
    }
}
