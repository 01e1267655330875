import Database
import FoundationEssentials

extension TaskStore {
    /// Takes those of the duties that nobody else holds, or keeps them, for `lease`. Returns which they are.
    package func claimDuties(_ names: Set<String>, owner: UUID, lease: Duration) async throws -> Set<String> {
        // In one order, so that processes which claim at once wait for each other and never in a circle.
        let sorted = names.sorted()
        return try await pool.transaction(synchronousCommit: false) { connection in
            let held = try connection.execute(
                """
                insert into duties (name, owner, lease_until)
                    select name, \(owner), now() + \(lease) from unnest(\(sorted)) with ordinality wanted (name, place)
                    order by place
                on conflict (name) do update set owner = excluded.owner, lease_until = excluded.lease_until
                    where duties.owner = excluded.owner or duties.lease_until <= now()
                returning name
                """)
            return try Set(held.map { try $0.get("name", as: String.self) })
        }
    }

    /// Gives up all duties of an owner, so that others need not wait for the end of its leases.
    package func giveBackDuties(of owner: UUID) async throws {
        try await pool.transaction { connection in
            _ = try connection.execute(
                """
                delete from duties where name = any (array(
                    select name from duties where owner = \(owner) order by name for update))
                """)
        }
    }
}
