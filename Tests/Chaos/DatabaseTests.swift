import Testing

extension Chaos {
    @Test func `Postgres crashes`() async throws {
        try await Chaos.run(.new()) { CrashDatabase(installation: $0) }
    }

    @Test func `connections to Postgres are ended`() async throws {
        try await Chaos.run(.new()) { TerminateBackends(installation: $0) }
    }

    @Test func `no connection to Postgres is left`() async throws {
        try await Chaos.run(.new(database: ["max_connections": "\(ExhaustConnections.limit)"])) {
            ExhaustConnections($0)
        }
    }

    @Test func `transactions are held open, with locks and old snapshots`() async throws {
        try await Chaos.run(.new()) { HoldTransaction($0) }
    }
}
