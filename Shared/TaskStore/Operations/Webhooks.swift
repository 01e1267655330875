import Database
import FoundationEssentials

extension TaskStore {
    /// Records an attempt and what follows. Throws ``StoreError/leaseLost`` if another bridge took the delivery.
    ///
    /// - Parameter endpoint: The URL that was called; ``WebhookOutcome/endpointDisabled(reason:)`` disables it.
    package func recordAttempt(
        _ delivery: WebhookDelivery, _ outcome: WebhookOutcome, _ attempt: WebhookAttempt, endpoint: String?
    ) async throws {
        try await pool.transaction { connection in
            let updated = try connection.execute(
                """
                update stage_runs r set \(outcome.leaving.assignments), attempts = r.attempts + 1,
                    last_error = \(nullable: outcome == .delivered ? nil : attempt.failure)
                where \(delivery.lease.isCurrent)
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
    /// returns a row if there is such a message. The epoch says that it is delivered anew, and no owner holds it.
    static func replayWebhook(_ id: String, of workflowID: UUID) -> SQL {
        """
        with again as (
            update stage_runs r set \(RunLeaving.open(.ready).assignments), finished_at = null, attempts = 0,
                epoch = r.epoch + 1
            from webhook_messages m
            where r.slot = \(id) and \(RunSlot.isDelivery()) and r.workflow_id = \(workflowID) and m.id = r.slot
            returning m.url
        ), enabled as (
            delete from webhook_endpoints e using again where e.url = again.url or again.url is null and e.is_platform
        )
        select from again
        """
    }
}

extension WebhookOutcome {
    fileprivate var leaving: RunLeaving {
        switch self {
        case .delivered: .closed(.done)
        case .dead: .closed(.dead)
        case .endpointDisabled: .closed(.cancelled)
        case .retry(let delay): .open(.ready, after: delay)
        }
    }
}

extension WebhookAttempt {
    /// What went wrong, for the run and its lists.
    fileprivate var failure: String? { error?.storable ?? statusCode.map { "status \($0)" } }
}
