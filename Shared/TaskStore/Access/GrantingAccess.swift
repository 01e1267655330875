import Database
import Foundations

extension TaskStore {
    /// Makes the roles that are missing and grants each what it may do, no more. For the owner of the schema, after
    /// ``migrate(_:)``; without effect where it was done before.
    ///
    /// - Parameter passwords: Of the roles that log in themselves. Others are to be granted to roles that do.
    ///
    /// Throws ``StoreError/rolesMissing(_:)`` if the login may not make them.
    package static func grantAccess(
        _ pool: ConnectionPool, passwords: [DatabaseRole: Secret] = [:]
    ) async throws {
        try await pool.transaction { connection in
            try connection.lock(accessLock)
            try createRoles(on: connection)
            try connection.execute(script: AccessGrants.script)
            for (role, password) in passwords { try setPassword(password, of: role, on: connection) }
        }
    }

    private static func createRoles(on connection: Connection) throws {
        let names = DatabaseRole.allCases.map(\.name)
        let missing: [String] = try connection.execute(
            "select name from unnest(\(names)) name where name not in (select rolname from pg_roles) order by name"
        ).map { try $0.get("name") }
        guard !missing.isEmpty else { return }
        let mayCreate: SQL = "select rolcreaterole or rolsuper as may from pg_roles where rolname = current_user"
        guard try connection.execute(mayCreate).first?.get("may") ?? false else {
            throw StoreError.rolesMissing(missing)
        }
        for name in missing { try connection.execute("create role \(identifier: name) nologin") }
    }

    /// What cannot be bound is quoted by the server.
    private static func setPassword(_ password: Secret, of role: DatabaseRole, on connection: Connection) throws {
        let verifier = try connection.verifier(of: password, for: role.name)
        try connection.execute(
            """
            select set_config('automata.role', \(role.name), true), set_config('automata.verifier', \(verifier), true)
            """)
        try connection.execute(
            script: """
                do $$ begin
                    execute format('alter role %I with login password %L', current_setting('automata.role'),
                        current_setting('automata.verifier'));
                end $$;
                select set_config('automata.verifier', '', true)
                """)
    }

    /// "accs"
    private static let accessLock = AdvisoryLock(key: 0x6163_6373)
}
