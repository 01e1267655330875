import Contracts
import FoundationEssentials
import Foundations
import GatewayPages
import TaskStore

/// The runs of a task's stages as its events tell of them: where each begins and ends.
struct StageRuns: Sendable {
    /// What begins a stage, and what ends it.
    private static let stages: [(name: String, begins: EventType, ends: EventType)] = [
        ("Plan", .workflowStarted, .planCreated),
        ("Implementation", .implementationStarted, .implementationCompleted),
        ("Validation", .validationStarted, .validationCompleted),
        ("Push", .changesCommitted, .changesPushed),
    ]
    /// The most events that are looked at.
    private static let mostEvents = 200

    let runs: [TimelineView.Run]

    init(_ task: ShownTask, _ gateway: Gateway) async throws {
        let events = try await gateway.record.items("events", in: .task(task.address), limit: Self.mostEvents).items
        let told = events.reversed().compactMap { event in
            EventType(rawValue: event.text("notification_type")).flatMap { type in
                event.date("timestamp").map { (type, $0) }
            }
        }
        self.init(told, end: task.record.finishedAt, now: task.now)
    }

    /// - Parameters:
    ///   - events: The oldest first.
    ///   - end: When the task ended; `nil` while it has not.
    init(_ events: [(type: EventType, at: Date)], end: Date?, now: Date) {
        var found: [(name: String, began: Date, ended: Date?)] = []
        for event in events {
            if let stage = Self.stages.first(where: { $0.begins == event.type }) {
                found.append((stage.name, event.at, nil))
            } else if let stage = Self.stages.first(where: { $0.ends == event.type }),
                let index = found.lastIndex(where: { $0.name == stage.name && $0.ended == nil })
            {
                found[index].ended = event.at
            }
        }
        let range = (found.first?.began ?? now)..<max(end ?? now, found.first?.began ?? now)
        runs = found.map { run in
            TimelineView.Run(
                run.name, state: Badge(status: run.ended ?? end == nil ? "running" : "done"), began: run.began,
                ended: run.ended ?? end, in: range, now: now)
        }
    }
}
