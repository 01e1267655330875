import Contracts
import Database
import Foundations

extension TaskStore {
    /// Keeps a submission that cannot be accepted, and emits `task_rejected` if it names a task. A message that is
    /// delivered again is rejected once.
    package func reject(_ rejection: Rejection) async throws -> [OutboxMessage] {
        try await pool.transaction { connection in
            let insert: SQL = """
                insert into rejected_submissions (id, deduplication_key, subject, company_id, project_id, task_id,
                    excerpt, code, field, reason)
                values (\(rejection.id), \(rejection.deduplicationKey.storable), \(rejection.subject.storable),
                    \(nullable: rejection.address?.company), \(nullable: rejection.address?.project), \(nullable: rejection.address?.task),
                    \(rejection.excerpt.storable), \(rejection.code), \(rejection.field.storable),
                    \(rejection.reason.storable))
                on conflict (deduplication_key) do nothing
                """
            guard try connection.execute(insert).affected == 1, let address = rejection.address else { return [] }
            return try announce(rejection, of: address, on: connection)
        }
    }

    /// Whether a submission of this task was recorded or refused before.
    package func knows(_ address: TaskAddress) async throws -> Bool {
        let isIt: SQL = """
            company_id = \(address.company) and project_id = \(address.project) and task_id = \(address.task)
            """
        return try await pool.withConnection { connection in
            try !connection.execute(
                "select from tasks where \(isIt) union all select from rejected_submissions where \(isIt) limit 1"
            ).isEmpty
        }
    }

    private func announce(
        _ rejection: Rejection, of address: TaskAddress, on connection: Connection
    ) throws -> [OutboxMessage] {
        let details = TaskRejected(
            code: rejection.code, field: rejection.field.storable, reason: rejection.reason.storable)
        let event = try StoredEvent(EventDraft(details), seq: 1, workflowID: rejection.id, address: address)
        let trace = rejection.id.text.replacing("-", with: "")
        try connection.execute("\(StoredEvent.insertActivities) \(event.activityRow)")
        return try connection.execute(
            "\(OutboxMessage.insert) \(event.outboxRow(subjects, traceID: trace)) returning \(OutboxMessage.columns)"
        ).map(OutboxMessage.init)
    }
}
