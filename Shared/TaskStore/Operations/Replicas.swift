import Contracts
import Database
import FoundationEssentials
import Foundations

extension TaskStore {
    /// Shows that a replica is there and what it does, and registers one that is not known. Returns what it is to do.
    package func show(_ replica: Replica) async throws -> ReplicaOrders {
        try await pool.transaction(synchronousCommit: false) { connection in
            let seen = try connection.execute(
                """
                update replicas p set seen_at = now(), state = \(replica.state), places = \(nullable: replica.places)
                where owner = \(replica.owner)
                returning wanted, wanted in ('drain', 'restart') and exists (
                    select from stage_runs r where r.state = 'leased' and r.owner = p.owner) as holds_runs
                """)
            if let row = seen.first {
                return ReplicaOrders(try row.get("wanted"), holdsRuns: try row.get("holds_runs"))
            }
            let registered = try connection.execute(Self.registration(of: replica))
            return ReplicaOrders(try registered.first?.get("wanted") ?? .run)
        }
    }

    /// It takes the place of those of its name that are gone. A pause is of the name: it outlasts the process.
    private static func registration(of replica: Replica) -> SQL {
        """
        with paused as (
            select wanted_by, wanted_at from replicas
            where service = \(replica.service) and name = \(replica.name) and wanted = 'pause'
            order by seen_at desc limit 1
        ), gone as (
            delete from replicas where service = \(replica.service) and name = \(replica.name)
                and seen_at < now() - \(Replica.patience)
        )
        insert into replicas (owner, service, name, version, places, state, started_at, wanted, wanted_by, wanted_at)
        select \(replica.owner), \(replica.service), \(replica.name), \(replica.version), \(nullable: replica.places)::integer,
            \(replica.state), \(replica.startedAt), case when paused.wanted_by is null then 'run' else 'pause' end,
            paused.wanted_by, paused.wanted_at
        from (select) one left join paused on true
        on conflict (owner) do update set seen_at = now()
        returning wanted
        """
    }

    /// A replica has ended in good order. One that is paused stays, so that its next process is paused too.
    package func forgetReplica(_ owner: UUID) async throws {
        try await pool.transaction { connection in
            _ = try connection.execute("delete from replicas where owner = \(owner) and wanted <> 'pause'")
        }
    }

    /// Has the replicas of a name do something. Returns how many there are that live.
    package func order(_ name: String, to order: Replica.Order, by actor: String) async throws -> Int {
        try await pool.transaction { connection in
            try connection.execute(
                """
                update replicas set wanted = \(order),
                    wanted_by = case when wanted = \(order) then wanted_by else \(actor.storable) end,
                    wanted_at = case when wanted = \(order) then wanted_at else now() end
                where name = \(name) and seen_at > now() - \(Replica.patience)
                """
            ).affected
        }
    }

    /// Removes replicas that were last seen before `time`. Returns how many. Call it until it returns less than `limit`.
    package func pruneReplicas(before time: Date, limit: Int = 1000) async throws -> Int {
        try await pool.transaction { connection in
            try connection.execute(
                """
                delete from replicas where owner = any (array(
                    select owner from replicas where seen_at < \(time) order by seen_at limit \(limit)
                    for update skip locked))
                """
            ).affected
        }
    }
}
