import Agent
import ServiceKit
import Synchronization
import TaskStore
import Worker

/// What people ask of a running stage. Cancel and pause reach it as cancellation; here it learns of their messages and
/// of a raised budget.
package final class StageSignals: ControlSignals {
    private let run: ConversationRun
    private let journal: StageJournal
    private let messages: Mutex<[String]?>

    package init(_ run: ConversationRun, _ journal: StageJournal) {
        self.run = run
        self.journal = journal
        messages = Mutex(run.hasSteering ? nil : [])
    }

    package var maxCostUSD: Double? { journal.budget }

    package func check() async throws -> ControlState {
        try Task.checkCancellation()
        if let known = messages.withLock({ $0 }), !run.control.hasSteering { return ControlState(steering: known) }
        let all = try await run.store.steering(run.claim)
        run.control.tookSteering()
        messages.withLock { $0 = all }
        return ControlState(steering: all)
    }
}
