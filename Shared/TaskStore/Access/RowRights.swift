import Contracts
import Database

/// Which rows a service may write, as policies of the database.
///
/// Who keeps workflows (``ServiceKind/Row/keepsWorkflows``) begins, repairs and ends those of every kind. Any other service
/// that works on steps changes runs of its own kinds, and opens those that may follow, without an output. Of workflows it
/// changes those that have a run of its own, and takes what these were told. It tells all others what concerns them, as a
/// hint to look at the facts. A journal it writes of runs of its own kinds alone: a validator signs what its journal says
/// that commands did. A webhook bridge changes deliveries alone.
///
/// A service shows replicas of its own and logs in its own name; who keeps workflows also tells others what to do.
///
/// The kinds are constants of the policies, and a run is found by its workflow, which an index begins with: a write costs
/// one look into that index more, and a read nothing.
enum RowRights {
    private static let trusted = ServiceKind.allCases.filter(\.row.keepsWorkflows)

    /// Where it depends on the row who may write.
    private static let guarded = ["tasks", "stage_runs", "journal", "notices"] + named
    /// Where rows name the service whose they are.
    private static let named = ["replicas", "execution_logs"]

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
        let others = ServiceKind.allCases.filter { !trusted.contains($0) }
        return (common + workers.map(policies(of:)) + others.map(ownRows(of:)) + [deliveries, ofPeople]).joined()
    }()

    private static let deliveries = """
        create policy deliveries on stage_runs for update to \(ServiceKind.webhookBridge.databaseRole)
            using (\(RunSlot.isDelivery("stage_runs").text)) with check (\(RunSlot.isDelivery("stage_runs").text));

        """

    /// What the platform's own endpoint answered is told to operators alone.
    private static let ofPeople = """
        create policy steps on stage_runs as restrictive for select to \(DatabaseRole.reader.name)
            using (\(RunSlot.isStep("stage_runs").text));

        """

    private static func ownRows(of service: ServiceKind) -> String {
        let isOwn = "service = '\(service.rawValue)'"
        return named.map { table in
            """
            create policy \(service.databaseRole)_own on \(table) to \(service.databaseRole)
                using (\(isOwn)) with check (\(isOwn));

            """
        }.joined()
    }

    private static func policies(of service: ServiceKind) -> String {
        let own = service.row.kinds
        let next = StepKind.rows.filter { row in
            own.contains(row.kind) || own.contains { $0.row?.successors.contains(row.kind) == true }
        }.map(\.kind)
        let role = service.databaseRole
        return """
            create policy \(role)_opens on stage_runs for insert to \(role) with check (
                kind in (\(list(next))) and state in ('held', 'ready') and owner is null and output is null);
            create policy \(role)_changes on stage_runs for update to \(role)
                using (kind in (\(list(own)))) with check (kind in (\(list(own))));
            create policy \(role)_changes on tasks for update to \(role)
                using (\(hasRun(of: "tasks", own))) with check (true);
            create policy \(role)_tells on notices for insert to \(role) with check (true);
            create policy \(role)_takes on notices for delete to \(role) using (\(hasRun(of: "notices", own)));
            create policy \(role)_writes on journal to \(role)
                using ((select r.kind from stage_runs r where r.id = journal.run_id) in (\(list(own))));

            """
    }

    /// Whether the workflow of a row of a table has a run of some kinds.
    private static func hasRun(of table: String, _ kinds: [StepKind]) -> String {
        """
        (select 1 from stage_runs r where r.workflow_id = \(table).workflow_id and r.kind in (\(list(kinds))) limit 1)
            is not null
        """
    }

    private static func list(_ kinds: [StepKind]) -> String { kinds.map { "'\($0.rawValue)'" }.joined(separator: ", ") }
    private static func names(_ roles: [DatabaseRole]) -> String { roles.map(\.name).joined(separator: ", ") }
}
