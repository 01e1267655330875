import Database
import FoundationEssentials
import Foundations

extension TaskStore {
    /// How many workflows of those that were told something take it in before who was told meanwhile is among them.
    static let wave = 200

    /// Runs a transaction on one workflow, and has those settle that it told. Returns what both left to publish.
    func change(_ body: @escaping @Sendable (Connection) throws -> Effects) async throws -> [OutboxMessage] {
        let effects = try await pool.transaction(body)
        return (effects.messages + (await settle(effects.told))).once
    }

    /// Has workflows take in what they were told, each in a transaction of its own, then those that these told: in waves,
    /// to any depth. Their cause has committed, so that a failure here is not the caller's, and the reconciler goes on.
    func settle(_ told: Set<UUID>) async -> [OutboxMessage] {
        var (waiting, messages) = (told, [OutboxMessage]())
        while !waiting.isEmpty {
            for id in waiting.sorted(by: { $0.text < $1.text }).prefix(Self.wave) {
                waiting.remove(id)
                do {
                    let effects = try await pool.transaction { try takeNotices(of: id, on: $0) }
                    messages += effects.messages
                    waiting.formUnion(effects.told)
                } catch is StoreError {
                    continue
                } catch {
                    return messages
                }
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
        return await settle(Set(ids)).once
    }

    private func takeNotices(of id: UUID, on connection: Connection) throws -> Effects {
        guard let workflow = try LockedWorkflow(id, on: connection) else {
            try Notice.forget(id, on: connection)
            return Effects()
        }
        guard try !Notice.take(by: workflow, on: connection).isEmpty else { return Effects() }
        return try lookAtDependencies(of: workflow, on: connection)
    }
}
