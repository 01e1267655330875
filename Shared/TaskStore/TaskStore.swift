import Contracts
import Database
import Foundations

/// The record of every workflow, in Postgres.
///
/// Each call is one transaction. A workflow's row in `tasks` is the root that every writer locks first, so the writes
/// of a workflow have one order: its events are numbered without gaps, and a replica whose lease was taken over is
/// refused by every call that takes its ``Claim``. Times are the database's.
package struct TaskStore: Sendable {
    let pool: ConnectionPool
    let subjects: SubjectScheme
    /// Whether a workflow whose request names no webhook ends with a message for the platform's endpoint.
    let webhookByDefault: Bool
    /// Whether this process has other workflows take in what its transactions told them.
    let settlesOthers: Bool
    /// What claims take beyond a place in the queue.
    var wants = ClaimWant.all

    /// - Parameters:
    ///   - webhookByDefault: Whether a workflow whose request names no webhook URL still ends with a webhook message, whose
    ///     `url` is then null.
    ///   - settlesOthers: Whether other workflows take in at once what a call told them. Else that waits for
    ///     ``settleTold(limit:)`` of a process that does: for who may change the workflows of its claims alone.
    package init(
        pool: ConnectionPool, subjects: SubjectScheme = SubjectScheme(), webhookByDefault: Bool = true,
        settlesOthers: Bool = true
    ) {
        self.pool = pool
        self.subjects = subjects
        self.webhookByDefault = webhookByDefault
        self.settlesOthers = settlesOthers
    }
}
