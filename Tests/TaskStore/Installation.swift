import Database
import Foundation
import Foundations
import TestSupport

@testable import TaskStore

/// A migrated database with its roles, and connections of any login. A cluster of its own, because roles belong to all of
/// a cluster; it trusts every login.
struct Installation: Sendable {
    let server: PostgresServer
    let url: String

    static func with(_ body: (Installation) async throws -> Void) async throws {
        let server = try await PostgresServer.start()
        let installation = Installation(server: server, url: try await server.createDatabase())
        let result: Result<Void, any Error>
        do {
            try await installation.as("postgres") { owner in
                try await TaskStore.migrate(owner.pool)
                let passwords = DatabaseRole.allCases.map { ($0, Secret("secret of \($0)")) }
                try await TaskStore.grantAccess(owner.pool, passwords: Dictionary(uniqueKeysWithValues: passwords))
            }
            result = .success(try await body(installation))
        } catch {
            result = .failure(error)
        }
        try await server.stop()
        try result.get()
    }

    /// Lends a store with the connections of a login.
    func `as`<T: Sendable>(
        _ login: String, settlesOthers: Bool = true, _ body: (Fixture) async throws -> T
    ) async throws -> T {
        let own = url.replacing("//postgres@", with: "//\(login)@")
        let pool = ConnectionPool(DatabaseConfiguration(url: Secret(own), size: 2))
        let result: Result<T, any Error>
        let store = TaskStore(pool: pool, settlesOthers: settlesOthers)
        do { result = .success(try await body(Fixture(store: store, pool: pool))) } catch { result = .failure(error) }
        try await pool.close()
        return try result.get()
    }
}

extension Fixture {
    /// Whether Postgres refuses a statement to this login.
    func isForbidden(_ statement: SQL) async -> Bool {
        do {
            try await run(statement)
            return false
        } catch {
            return (error as? DatabaseError)?.sqlState == "42501"
        }
    }
}
