import Database

/// A migration that a call of ``TaskStore/migrate(_:)`` applied.
package struct AppliedMigration: Sendable, Hashable {
    package let version: Int
    package let name: String
}

extension TaskStore {
    /// Brings the schema to the version of this program and returns what was applied.
    ///
    /// Any number of processes may call it at once: one migrates, the others wait. All or nothing is applied.
    /// Throws ``StoreError/schemaTooNew(database:program:)`` if the schema is of a newer program.
    @discardableResult
    package static func migrate(_ pool: ConnectionPool) async throws -> [AppliedMigration] {
        try await migrate(pool, with: Migration.all)
    }

    static func migrate(_ pool: ConnectionPool, with migrations: [Migration]) async throws -> [AppliedMigration] {
        let known = migrations.last?.version ?? 0
        let present = try await pool.withConnection { try version($0) }
        if present == known { return [] }
        return try await pool.transaction { connection in
            try connection.execute("set local lock_timeout = '60s'")
            try connection.lock(migrationLock)
            try connection.execute(script: table)
            let current = try version(connection)
            guard current <= known else { throw StoreError.schemaTooNew(database: current, program: known) }
            return try migrations.filter { $0.version > current }.map { try apply($0, on: connection) }
        }
    }

    /// The version of the schema, 0 if there is none.
    private static func version(_ connection: Connection) throws -> Int {
        let exists: SQL = "select to_regclass('schema_migrations') is not null as present"
        guard try connection.execute(exists).first?.get("present") ?? false else { return 0 }
        let version: SQL = "select coalesce(max(version), 0) as version from schema_migrations"
        return try connection.execute(version).first?.get("version") ?? 0
    }

    private static func apply(_ migration: Migration, on connection: Connection) throws -> AppliedMigration {
        try connection.execute(script: migration.script)
        try connection.execute(
            "insert into schema_migrations (version, name) values (\(migration.version), \(migration.name))")
        return AppliedMigration(version: migration.version, name: migration.name)
    }

    private static let migrationLock = AdvisoryLock(key: 0x6175_746f_6d61_7461)

    private static let table = """
        create table if not exists schema_migrations (
            version integer primary key,
            name text not null,
            applied_at timestamptz not null default now()
        )
        """
}
