import Contracts
import Database
import Foundations

extension AccessRole: SQLEncodable, SQLDecodable {}

/// Who may come in. Tokens and what browsers show instead are known by their digests alone.
extension TaskStore {
    /// Keeps a new token. Returns whether its name was free.
    package func create(_ grant: AccessGrant, digest: String) async throws -> Bool {
        try await pool.transaction { connection in
            try connection.execute("\(Self.insert(grant, digest)) on conflict (name) do nothing").affected == 1
        }
    }

    /// Keeps a token, in the place of one of the same name.
    package func replace(_ grant: AccessGrant, digest: String) async throws {
        try await pool.transaction { connection in
            _ = try connection.execute(
                """
                \(Self.insert(grant, digest)) on conflict (name) do update set role = excluded.role,
                    company_id = excluded.company_id, digest = excluded.digest
                """)
        }
    }

    private static func insert(_ grant: AccessGrant, _ digest: String) -> SQL {
        """
        insert into access_tokens (id, name, role, company_id, digest) values
            (\(grant.id), \(grant.name), \(grant.role), \(nullable: grant.company), \(digest))
        """
    }

    /// The tokens that there are, by name.
    package func accessGrants() async throws -> [AccessGrant] {
        try await pool.withConnection { connection in
            try connection.execute("select \(AccessGrant.columns) from access_tokens t order by t.name")
                .map(AccessGrant.init)
        }
    }

    /// Ends a token, and the sessions that began with it. Returns whether there was one.
    package func revoke(_ name: String) async throws -> Bool {
        try await pool.transaction { connection in
            try connection.execute("delete from access_tokens where name = \(name)").affected > 0
        }
    }

    /// Whose token it is; `nil` for nobody's.
    package func accessGrant(token digest: String) async throws -> AccessGrant? {
        try await grant(where: "t.digest = \(digest)")
    }

    /// Who signed in; `nil` where the session is over.
    package func accessGrant(session digest: String) async throws -> AccessGrant? {
        try await grant(
            where: """
                t.id = (select token_id from access_sessions
                    where digest = \(digest) and not is_invitation and expires_at > now())
                """)
    }

    private func grant(where wanted: SQL) async throws -> AccessGrant? {
        try await pool.withConnection { connection in
            try connection.execute("select \(AccessGrant.columns) from access_tokens t where \(wanted)")
                .first.map(AccessGrant.init)
        }
    }

    /// Lets somebody in once, as who bears the token of a name. Returns whether there is such a token.
    package func invite(as name: String, invitation digest: String, for lifetime: Duration) async throws -> Bool {
        try await pool.transaction { connection in
            try connection.execute(
                """
                insert into access_sessions (digest, token_id, is_invitation, expires_at)
                select \(digest), id, true, now() + \(lifetime) from access_tokens where name = \(name)
                """
            ).affected == 1
        }
    }

    /// Begins a session for who bears a token; `nil` where there is no such token.
    package func signIn(token: String, session: String, for lifetime: Duration) async throws -> AccessGrant? {
        try await pool.transaction { connection in
            try connection.execute("delete from access_sessions where expires_at <= now()")
            return try connection.execute(
                """
                with began as (
                    insert into access_sessions (digest, token_id, is_invitation, expires_at)
                    select \(session), id, false, now() + \(lifetime) from access_tokens where digest = \(token)
                    returning token_id
                )
                select \(AccessGrant.columns) from access_tokens t where t.id = (select token_id from began)
                """
            ).first.map(AccessGrant.init)
        }
    }

    /// Turns an invitation into a session, once; `nil` where it is none, or not any more.
    package func redeem(invitation: String, session: String, for lifetime: Duration) async throws -> AccessGrant? {
        try await pool.transaction { connection in
            try connection.execute(
                """
                with began as (
                    update access_sessions set digest = \(session), is_invitation = false,
                        expires_at = now() + \(lifetime)
                    where digest = \(invitation) and is_invitation and expires_at > now()
                    returning token_id
                )
                select \(AccessGrant.columns) from access_tokens t where t.id = (select token_id from began)
                """
            ).first.map(AccessGrant.init)
        }
    }

    /// Ends a session.
    package func signOut(session digest: String) async throws {
        try await pool.transaction { connection in
            _ = try connection.execute("delete from access_sessions where digest = \(digest)")
        }
    }
}
