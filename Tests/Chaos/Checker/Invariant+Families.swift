import Contracts

extension Invariant {
    /// Children are those that their parents were to have, each under its one name.
    static let nobodyElse = Invariant("nobody is recorded who was not asked for") { testimony in
        Set(testimony.record.tasks.map(\.task)).subtracting(testimony.accepted.map(\.id)).sorted().map {
            ("\($0) is recorded", $0)
        }
    }

    /// No end of a child is missed, or comes too late to count.
    static let parentsLast = Invariant("a parent ends after all its children") { testimony in
        let workflows = Dictionary(testimony.record.tasks.map { ($0.workflow, $0) }) { first, _ in first }
        return testimony.record.tasks.compactMap { child in
            guard let parent = child.parent.flatMap({ workflows[$0] }), parent.finished < child.finished else {
                return nil
            }
            return ("\(parent.task) ended \(child.finished - parent.finished) s before \(child.task)", parent.task)
        }
    }

    /// Of each child its parent tells once how it ended, and once before that it started, if it did.
    static let childrenTold = Invariant("a parent tells of each child once") { testimony in
        let told = Dictionary(grouping: testimony.stored.filter { Self.ofChildren.contains($0.type) }, by: \.task)
        let children = Dictionary(grouping: testimony.record.tasks, by: \.parent)
        return testimony.record.tasks.compactMap { parent in
            var seen: Set<String> = []
            let events = (told[parent.task] ?? []).filter { seen.insert($0.eventID).inserted }
                .sorted { $0.seq < $1.seq }
            let found = Dictionary(grouping: events) { $0.key ?? "" }.mapValues { $0.map(Self.words) }
            let expected = Dictionary(grouping: children[parent.workflow] ?? []) { $0.key ?? "" }
                .mapValues { $0.flatMap(Self.words) }
            let wrong = Set(found.keys).union(expected.keys).filter { found[$0] != expected[$0] }.sorted()
            let words = wrong.map { "\($0) \(found[$0] ?? []), not \(expected[$0] ?? [])" }.joined(separator: ", ")
            return wrong.isEmpty ? nil : ("\(parent.task) tells of \(words)", parent.task)
        }
    }

    private static let ofChildren = Set([EventType.subtaskStarted, .subtaskEnded].map(\.rawValue))

    private static func words(_ event: SeenEvent) -> String { "\(event.type) \(event.status ?? "")" }

    /// What is to be told of a child, in this order.
    private static func words(_ child: RecordAtEnd.Task) -> [String] {
        let start = child.started > 0 ? ["\(EventType.subtaskStarted.rawValue) \(TaskStatus.running.rawValue)"] : []
        return start + ["\(EventType.subtaskEnded.rawValue) \(child.status)"]
    }
}
