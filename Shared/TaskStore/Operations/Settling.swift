import Contracts
import Database
import DequeModule
import Flows
import FoundationEssentials
import Foundations

extension TaskStore {
    /// The most workflows that take in what they were told in a call for another one.
    static let wave = 200
    /// The same in the call that told them: what that left itself is published after it.
    private static let ownWave = 50

    /// Runs a transaction on one workflow, and has those settle that it told, if that is this process's to do. Returns
    /// what both left to publish.
    func change(_ body: @escaping @Sendable (Connection) throws -> Effects) async throws -> [OutboxMessage] {
        let effects = try await pool.transaction(body)
        return (effects.messages + (await settle(effects.told))).once
    }

    /// Has workflows take in what they were told, each in a transaction of its own, then those that these told, to any
    /// depth. Their cause has committed, so that a failure here is not the caller's, and the reconciler goes on, as it does
    /// with those beyond `limit`.
    func settle(_ told: Set<UUID>, atMost limit: Int = ownWave) async -> [OutboxMessage] {
        guard settlesOthers else { return [] }
        var waiting = Deque(told.sorted { $0.text < $1.text })
        var messages: [OutboxMessage] = []
        for _ in 0..<limit {
            guard let id = waiting.popFirst() else { break }
            do {
                try await awaitOthers(of: id)
                let effects = try await pool.transaction { try takeNotices(of: id, on: $0) }
                messages += effects.messages
                waiting += effects.told.sorted { $0.text < $1.text }
            } catch is StoreError {
                continue
            } catch {
                break
            }
        }
        return messages
    }

    /// Has workflows take in what they were told and nobody settled, the first of them. Returns the messages to publish.
    package func settleTold(limit: Int = wave) async throws -> [OutboxMessage] {
        let ids: [UUID] = try await pool.withConnection { connection in
            try connection.execute("select distinct workflow_id from notices order by workflow_id limit \(limit)").map {
                try $0.get("workflow_id")
            }
        }
        return await settle(Set(ids), atMost: limit).once
    }

    /// Waits for the transactions under way on what a workflow looks at once more, each row by itself.
    private func awaitOthers(of id: UUID) async throws {
        try await pool.withConnection { connection in
            for other in try Notice.awaited(by: id, on: connection) {
                try connection.execute("select from tasks where workflow_id = \(other) for share")
            }
        }
    }

    private func takeNotices(of id: UUID, on connection: Connection) throws -> Effects {
        guard let workflow = try LockedWorkflow(id, on: connection) else {
            try Notice.forget(id, on: connection)
            return Effects()
        }
        let (notices, isCut) = try Notice.take(by: workflow, on: connection)
        guard !notices.isEmpty else { return Effects() }
        var effects = try heed(notices, of: workflow, on: connection)
        if isCut { effects.told.insert(id) }
        return effects
    }

    /// One write of the workflow, whatever it was told. What has children waits for nobody else.
    private func heed(
        _ notices: [Notice], of workflow: LockedWorkflow, on connection: Connection
    ) throws -> Effects {
        guard !workflow.progress.status.isTerminal else { return Effects() }
        let events = notices.compactMap(\.event)
        let mayBeOrphan = notices.contains { $0.kind == .parent || $0.kind == .look }
        let isOrphan = try mayBeOrphan && workflow.parentHasEnded(on: connection)
        if isOrphan, workflow.run != .leased {
            return try end(
                workflow, as: .cancelled, error: "the workflow that it is part of has ended", events: events,
                on: connection)
        }
        guard isOrphan || !events.isEmpty else { return try lookAtDependencies(of: workflow, on: connection) }
        var write = WorkflowWrite(workflow, subjects: subjects)
        if isOrphan { write.set("cancel_requested = true") }
        try write.emit(events)
        if notices.contains(where: { $0.kind == .ended }) { try write.wake() }
        return Effects(messages: try write.execute(on: connection))
    }
}
