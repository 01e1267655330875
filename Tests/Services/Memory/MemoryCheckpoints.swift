import Contracts
import Foundation
import Foundations
import Synchronization

@testable import NotifierService
@testable import TaskStore

/// The pauses of the record in memory.
final class MemoryCheckpoints: CheckpointRecord, Sendable {
    struct State {
        var pauses: [Pause] = []
        /// Whether nothing runs.
        var isAtRest = false
        var isDue = false
        var reports: [StoredReport] = []
        var events: [CheckpointReached] = []
    }

    let state = Mutex(State())

    func beginDueCheckpoints(every days: Int) async throws -> [Pause] {
        state.withLock { state in
            guard days > 0, state.isDue, state.pauses.isEmpty else { return [] }
            let pause = Pause.sample(.platform, .halting, by: Pause.schedule)
            state.pauses = [pause]
            return [pause]
        }
    }

    func restingCheckpoints() async throws -> [Pause] {
        state.withLock { state in state.isAtRest ? state.pauses.filter { $0.standing == .halting } : [] }
    }

    func figures(of place: PausePlace) async throws -> Figures {
        var figures = Figures(since: Date(timeIntervalSince1970: 0), until: Date(timeIntervalSince1970: 86_400))
        figures.ended = [
            .init(status: "completed", success: true, tasks: 2, medianSeconds: 1, p95Seconds: 2, calls: 3, costUSD: 4)
        ]
        return figures
    }

    func reach(
        _ pause: Pause, with report: StoredReport, telling event: CheckpointReached
    ) async throws -> [OutboxMessage] {
        state.withLock { state in
            guard let index = state.pauses.firstIndex(where: { $0.id == pause.id && $0.standing == .halting }) else {
                return []
            }
            state.pauses[index] = .sample(pause.place, .reached, by: pause.pausedBy)
            state.reports.append(report)
            state.events.append(event)
            return [
                OutboxMessage(
                    id: 1, eventID: .v7(), workflowID: pause.id, seq: 1, subject: "checkpoint", headers: [:],
                    payload: Data(), createdAt: Date())
            ]
        }
    }
}

extension Pause {
    static func sample(_ place: PausePlace, _ standing: Standing, by actor: String) -> Pause {
        Pause(
            id: .v7(), place: place, standing: standing, pausedBy: actor, pausedAt: Date(), reportID: nil,
            resumedBy: nil, resumedAt: nil)
    }
}
