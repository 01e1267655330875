import Database
import FoundationEssentials

extension TaskStore {
    /// Extends the leases of messages that are still `owner`'s. A crash of the database may lose it.
    package func extendWebhookLeases(_ ids: [String], owner: UUID, lease: Duration) async throws {
        guard !ids.isEmpty else { return }
        try await pool.transaction(synchronousCommit: false) { connection in
            _ = try connection.execute(
                """
                update webhook_messages set lease_until = now() + \(lease)
                where id = any (\(ids)) and state = 'pending' and owner = \(owner)
                """)
        }
    }

    /// Records an attempt and what follows. Throws ``StoreError/leaseLost`` if another bridge took the message.
    ///
    /// - Parameter endpoint: The URL that was called; ``WebhookOutcome/endpointDisabled(reason:)`` disables it.
    package func recordAttempt(
        _ delivery: WebhookDelivery, _ outcome: WebhookOutcome, _ attempt: WebhookAttempt, endpoint: String?
    ) async throws {
        try await pool.transaction { connection in
            let updated = try connection.execute(
                """
                update webhook_messages set \(outcome.assignments), attempts = attempts + 1, owner = null,
                    lease_until = null, first_attempt_at = coalesce(first_attempt_at, now())
                where id = \(delivery.id) and owner = \(delivery.owner) and epoch = \(delivery.epoch)
                """)
            guard updated.affected == 1 else { throw StoreError.leaseLost }
            try connection.execute(
                """
                insert into webhook_attempts (message_id, status_code, error, duration_ms, response_excerpt)
                values (\(delivery.id), \(nullable: attempt.statusCode), \(nullable: attempt.error?.storable),
                    \(max(0, attempt.durationMilliseconds)), \(nullable: attempt.responseExcerpt?.storable))
                """)
            guard case .endpointDisabled(let reason) = outcome, let endpoint else { return }
            try connection.execute(
                """
                insert into webhook_endpoints (url, reason, is_platform)
                values (\(endpoint), \(reason.storable), \(delivery.url == nil))
                on conflict (url) do update set is_platform = webhook_endpoints.is_platform or excluded.is_platform
                """)
        }
    }

    /// Sends a message of a workflow again, with the same id, whatever became of it; its endpoint is enabled again. It
    /// returns a row if there is such a message.
    static func replayWebhook(_ id: String, of workflowID: UUID) -> SQL {
        """
        with again as (
            update webhook_messages set state = 'pending', finished_at = null, attempts = 0, first_attempt_at = null,
                next_attempt_at = now(), owner = null, lease_until = null, epoch = epoch + 1
            where id = \(id) and workflow_id = \(workflowID) returning url
        ), enabled as (
            delete from webhook_endpoints e using again where e.url = again.url or again.url is null and e.is_platform
        )
        select from again
        """
    }
}

extension WebhookOutcome {
    fileprivate var assignments: SQL {
        switch self {
        case .delivered: "state = 'delivered', finished_at = now()"
        case .dead: "state = 'dead', finished_at = now()"
        case .endpointDisabled: "state = 'disabled', finished_at = now()"
        case .retry(let delay): "next_attempt_at = now() + \(max(delay, .zero))"
        }
    }
}
