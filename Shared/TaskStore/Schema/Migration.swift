/// One version of the schema. A migration that was released is never changed; a later one corrects it.
struct Migration: Sendable {
    /// Counts up from 1.
    let version: Int
    let name: String
    /// Any number of statements.
    let script: String

    /// All of them, in order.
    static let all: [Migration] = [
        tasks, queue, journal, outbox, webhooks, publishing, submissions, events, access, webhookTurns,
        branchClaims, approval, baseBranch, duties, flows, notices, runIDs, query,
        operation,
    ]
}
