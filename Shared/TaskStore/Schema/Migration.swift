/// One version of the schema. A migration that was released is never changed; a later one corrects it.
struct Migration: Sendable {
    /// Counts up from 1.
    let version: Int
    let name: String
    /// Any number of statements.
    let script: String

    /// The statement that locks tables for good, all at once or none: transactions lock them in more than one order.
    static func lock(_ tables: String) -> String {
        """
        do $$ begin
            for attempt in 1..6000 loop
                begin
                    lock table \(tables) in access exclusive mode nowait;
                    return;
                exception when lock_not_available then
                    perform pg_sleep(0.01);
                end;
            end loop;
            raise exception 'the tables are in use: stop the services of the version before'
                using errcode = 'lock_not_available';
        end $$;
        """
    }

    /// All of them, in order.
    static let all: [Migration] = [
        tasks, queue, journal, outbox, webhooks, publishing, submissions, events, access, webhookTurns,
        branchClaims, approval, baseBranch, duties, flows, notices, runIDs, query, deliveries, catalogue, operation,
        gateway, finding, childrenClock, actors, models,
    ]
}
