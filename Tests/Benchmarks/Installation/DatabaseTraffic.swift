import Database
import Foundations
import PlatformSupport
import TestSupport

/// What the services have asked of the database so far.
struct DatabaseTraffic: Sendable {
    let transactions: Double
    let inserted: Double
    let updated: Double
    /// What they have told each other and everybody else: events and announcements.
    let messages: Double

    /// A connection tells the server's statistics once a second, or when it has rested for ten.
    private static let settling: Duration = .seconds(10.5)

    /// Reads the counters when every connection has told all. Nothing may run.
    init(settled platform: Platform) async throws {
        try await Deadline.elapse(Self.settling)
        let row = try await platform.rows(
            """
            select xact_commit + xact_rollback as transactions, tup_inserted as inserted, tup_updated as updated,
                (select count(*) from outbox) as messages
            from pg_stat_database where datname = current_database()
            """
        ).first
        transactions = row?["transactions"]?.doubleValue ?? 0
        inserted = row?["inserted"]?.doubleValue ?? 0
        updated = row?["updated"]?.doubleValue ?? 0
        messages = row?["messages"]?.doubleValue ?? 0
    }

    private init(transactions: Double, inserted: Double, updated: Double, messages: Double) {
        self.transactions = transactions
        self.inserted = inserted
        self.updated = updated
        self.messages = messages
    }

    static func - (left: DatabaseTraffic, right: DatabaseTraffic) -> DatabaseTraffic {
        DatabaseTraffic(
            transactions: left.transactions - right.transactions, inserted: left.inserted - right.inserted,
            updated: left.updated - right.updated, messages: left.messages - right.messages)
    }

    static func * (traffic: DatabaseTraffic, factor: Double) -> DatabaseTraffic {
        DatabaseTraffic(
            transactions: traffic.transactions * factor, inserted: traffic.inserted * factor,
            updated: traffic.updated * factor, messages: traffic.messages * factor)
    }
}
