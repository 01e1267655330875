import Contracts
import Database
import Foundations
import Logging
import ServiceKit
import TaskStore

/// What a run records goes into the database in its order. What no effect hangs on yet waits for the transaction that
/// comes next, at the latest for the one before the next effect: fewer transactions, and nothing is acted upon before it
/// is recorded.
extension StageContext {
    /// Keeps back what may wait.
    package func hold(_ record: RunRecord) {
        control.hold(record)
        control.progressed()
    }

    /// Records and publishes events of work in progress.
    package func emit(_ events: [EventDraft], changes: WorkflowChanges = WorkflowChanges()) async throws {
        try await keep([RunRecord(events, changes: changes)])
    }

    /// Records and publishes one event.
    package func emit(_ details: some EventDetails, changes: WorkflowChanges = WorkflowChanges()) async throws {
        try await emit([EventDraft(details)], changes: changes)
    }

    /// Records and publishes what waits, and then `records`.
    func keep(_ records: [RunRecord] = []) async throws {
        let waiting = control.takeWaiting()
        guard !(waiting + records).isEmpty else { return }
        try await recording(waiting, and: records) { [service, run] in try await service.store.record(run.claim, $0) }
        control.progressed()
    }

    /// Has `body` record what waits together with something of its own, and publishes what that leaves.
    func recordingWhatWaits(_ body: ([RunRecord]) async throws -> [OutboxMessage]) async throws {
        try await recording(control.takeWaiting(), and: [], body)
    }

    /// What could not be recorded goes on waiting, unless it would be told twice.
    private func recording(
        _ waiting: [RunRecord], and records: [RunRecord], _ body: ([RunRecord]) async throws -> [OutboxMessage]
    ) async throws {
        do {
            service.publisher.publish(try await whileHeld(waiting + records, body))
        } catch let error as DatabaseError where error.code == .commitOutcomeUnknown {
            throw error
        } catch {
            control.putBack(waiting)
            throw error
        }
    }

    /// What has happened is worth recording as long as the lease may hold: the heartbeat cancels this when it does not.
    /// Recording a step twice does nothing, so it is repeated after a commit that nobody knows the outcome of, too.
    private func whileHeld(
        _ records: [RunRecord], _ body: ([RunRecord]) async throws -> [OutboxMessage]
    ) async throws -> [OutboxMessage] {
        let backoff = Backoff(base: .milliseconds(50), cap: .seconds(1))
        var attempt = 0
        while true {
            do {
                return try await body(records)
            } catch let error as DatabaseError where records.mayBeRepeated(after: error) {
                logger.warning("a step is not recorded yet", metadata: ["error": "\(error)"])
                try await Task.sleep(for: backoff.delay(attempt: attempt))
                attempt += 1
            }
        }
    }
}

extension [RunRecord] {
    /// Where there are no steps it is the worker that tries again.
    fileprivate func mayBeRepeated(after error: DatabaseError) -> Bool {
        guard contains(where: { $0.step != nil }) else { return false }
        return error.isRetriable || (error.code == .commitOutcomeUnknown && allSatisfy { $0.step != nil })
    }
}
