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
    /// Throws ``StoreError/schemaTooNew(database:program:)`` if the schema is of a newer program, and
    /// ``StoreError/schemaTooOld(database:program:)`` if it is of an older one and not this login's to change.
    @discardableResult
    package static func migrate(_ pool: ConnectionPool) async throws -> [AppliedMigration] {
        try await migrate(pool, with: Migration.all)
    }

    @discardableResult
    static func migrate(_ pool: ConnectionPool, with migrations: [Migration]) async throws -> [AppliedMigration] {
        let known = migrations.last?.version ?? 0
        let (applied, isOurs) = try await pool.withConnection { (try versions($0), try ownsSchema($0)) }
        let present = applied.max() ?? 0
        guard present <= known else { throw StoreError.schemaTooNew(database: present, program: known) }
        if migrations.allSatisfy({ applied.contains($0.version) }) { return [] }
        guard isOurs else { throw StoreError.schemaTooOld(database: present, program: known) }
        return try await pool.transaction { connection in
            // What is large takes its time; who waits for the one that migrates waits for it.
            try connection.execute("set local statement_timeout = 0")
            try connection.execute("set local lock_timeout = '60s'")
            try connection.lock(migrationLock)
            try connection.execute(script: table)
            let applied = try versions(connection)
            let present = applied.max() ?? 0
            guard present <= known else { throw StoreError.schemaTooNew(database: present, program: known) }
            return try migrations.filter { !applied.contains($0.version) }.map { try apply($0, on: connection) }
        }
    }

    /// What was applied; nothing where there is no schema. The highest of them is the schema's version, but not all below
    /// it have to be there: a program may have had another with a higher number first.
    private static func versions(_ connection: Connection) throws -> Set<Int> {
        let exists: SQL = "select to_regclass('schema_migrations') is not null as present"
        guard try connection.execute(exists).first?.get("present") ?? false else { return [] }
        return Set(try connection.execute("select version from schema_migrations").map { try $0.get("version") })
    }

    /// Whether this login may change the tables, or make them where there are none yet.
    private static func ownsSchema(_ connection: Connection) throws -> Bool {
        let ours: SQL = """
            select case when to_regclass('schema_migrations') is null
                then has_schema_privilege(current_schema(), 'create')
                else (select pg_has_role(relowner, 'usage') from pg_class where oid = to_regclass('schema_migrations'))
            end is true as ours
            """
        return try connection.execute(ours).first?.get("ours") ?? false
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
