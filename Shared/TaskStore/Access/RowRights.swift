import Contracts

/// Which rows a service may write, as policies of the database.
///
/// Planner and notifier begin, repair and end workflows of every kind. Any other service that works on steps changes runs
/// of its own kinds; opens those that may follow, without an output; and lets those begin, or ends those, that have not
/// begun yet and wait for a task that it ended. Of workflows it changes those that have such a run. A journal it writes of
/// runs of its own kinds alone: a validator signs what its journal says that commands did.
///
/// The kinds are constants of the policies, and a run is found by its workflow, which an index begins with: a write costs
/// one look into that index more, and a read nothing.
enum RowRights {
    private static let trusted: [ServiceKind] = [.planner, .notifier]

    /// Where it depends on the row who may write.
    private static let guarded = ["tasks", "stage_runs", "journal"]

    /// The statements that make the services' policies: on these tables, and on those that people read too.
    static let policies: String = {
        let everyone = names(DatabaseRole.services)
        let keepers = names(trusted.map(DatabaseRole.service))
        let common = Set(AccessGrants.forPeople + guarded).sorted().map { table in
            """
            alter table \(table) enable row level security;
            create policy services on \(table) for select to \(everyone) using (true);
            create policy keepers on \(table) to \(guarded.contains(table) ? keepers : everyone)
                using (true) with check (true);

            """
        }
        let workers = TableRights.workers.filter { !trusted.contains($0) }
        return (common + workers.map(policies(of:))).joined()
    }()

    private static func policies(of service: ServiceKind) -> String {
        let own = service.row.kinds
        let next = StepKind.rows.filter { row in
            own.contains(row.kind) || own.contains { $0.row?.successors.contains(row.kind) == true }
        }.map(\.kind)
        let first = StepKind.rows.filter(\.mayBegin).map(\.kind)
        let waits = "r.state = 'held' and r.kind in (\(list(first)))"
        let role = service.databaseRole
        return """
            create policy \(role)_opens on stage_runs for insert to \(role) with check (
                kind in (\(list(next))) and state in ('held', 'ready') and owner is null and output is null);
            create policy \(role)_changes on stage_runs for update to \(role)
                using (kind in (\(list(own))) or (state = 'held' and kind in (\(list(first)))))
                with check (kind in (\(list(own))) or (kind in (\(list(first))) and owner is null and output is null));
            create policy \(role)_changes on tasks for update to \(role)
                using ((select 1 from stage_runs r where r.workflow_id = tasks.workflow_id
                    and (r.kind in (\(list(own))) or (\(waits))) limit 1) is not null)
                with check (true);
            create policy \(role)_writes on journal to \(role)
                using ((select r.kind from stage_runs r where r.id = journal.run_id) in (\(list(own))));

            """
    }

    private static func list(_ kinds: [StepKind]) -> String { kinds.map { "'\($0.rawValue)'" }.joined(separator: ", ") }
    private static func names(_ roles: [DatabaseRole]) -> String { roles.map(\.name).joined(separator: ", ") }
}
