import Database
import Foundations
import TestSupport
import Testing

@testable import TaskStore

@Suite(.timeLimit(.minutes(5)))
struct MigrationTests {
    private func withEmptyDatabase(_ body: (ConnectionPool) async throws -> Void) async throws {
        let url = Secret(try await PostgresServer.shared().createDatabase())
        let pool = ConnectionPool(DatabaseConfiguration(url: url, size: 6))
        let result: Result<Void, any Error>
        do { result = .success(try await body(pool)) } catch { result = .failure(error) }
        try await pool.close()
        try result.get()
    }

    @Test func `an empty database gets every migration once`() async throws {
        try await withEmptyDatabase { pool async throws in
            #expect(try await TaskStore.migrate(pool).map(\.version) == Migration.all.map(\.version))
            #expect(try await TaskStore.migrate(pool).isEmpty)
        }
    }

    @Test func `of many processes that migrate at once one does it`() async throws {
        try await withEmptyDatabase { pool in
            let applied = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<6 { group.addTask { try await TaskStore.migrate(pool).count } }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(applied.sorted() == [0, 0, 0, 0, 0, Migration.all.count])
        }
    }

    @Test func `a migration that fails leaves nothing behind`() async throws {
        try await withEmptyDatabase { pool async throws in
            let broken = Migration(version: 2, name: "broken", script: "create table half (); select 1 / 0")
            await #expect(throws: DatabaseError.self) {
                _ = try await TaskStore.migrate(pool, with: [Migration.tasks, broken])
            }
            #expect(try await TaskStore.migrate(pool, with: [Migration.tasks]).map(\.name) == ["tasks"])
        }
    }

    @Test func `a schema of a newer program is refused with a clear text`() async throws {
        try await withEmptyDatabase { pool in
            try await TaskStore.migrate(pool)
            try await pool.withConnection { connection in
                _ = try connection.execute("insert into schema_migrations (version, name) values (999, 'future')")
            }
            let error = try await storeError { try await TaskStore.migrate(pool) }
            #expect(error == .schemaTooNew(database: 999, program: Migration.all.last?.version ?? 0))
            #expect("\(error, default: "")".contains("use a newer program"))
        }
    }

    @Test func `versions count up from one`() {
        let versions = Migration.all.map(\.version)
        #expect(versions == Set(versions).sorted() && versions.first == 1)
        #expect(Set(Migration.all.map(\.name)).count == Migration.all.count)
    }
}
