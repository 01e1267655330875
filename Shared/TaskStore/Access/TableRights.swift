import Contracts

/// Who writes a table. Every service reads them all, but for the credentials.
///
/// One row a table: what no row names is not written by any service. The tests hold it to the tables that there are, and
/// have every service do all that it does with these rights alone.
struct TableRights {
    let table: String
    var insert: [ServiceKind] = []
    var update: [ServiceKind] = []
    var delete: [ServiceKind] = []
    /// Who updates some columns alone.
    var updateOf: [ServiceKind: [String]] = [:]

    /// Who works on steps: begins, follows and ends workflows, the planner as the front door too.
    static let workers = ServiceKind.allCases.filter { !$0.row.kinds.isEmpty }
    private static let keepers = workers + [.notifier]

    /// Who asks models.
    private static let askers = ServiceKind.allCases.filter { $0.settings.contains(.modelName) }

    /// Whoever runs shows itself and what it logs.
    private static let everyone = ServiceKind.allCases

    static let rows = [
        TableRights(table: "tasks", insert: [.planner], update: keepers),
        TableRights(table: "task_tags", insert: [.planner], delete: [.planner]),
        TableRights(
            table: "stage_runs", insert: workers, update: keepers, updateOf: [.webhookBridge: ofDelivery]),
        TableRights(table: "journal", insert: workers, update: workers, delete: [.notifier]),
        TableRights(table: "checkpoints", insert: workers, delete: keepers),
        TableRights(table: "steering", insert: [.planner], update: workers, delete: [.notifier]),
        TableRights(table: "dependencies", insert: [.planner], delete: [.planner]),
        TableRights(table: "notices", insert: keepers, delete: keepers),
        TableRights(table: "discoveries", insert: workers),
        TableRights(table: "task_activities", insert: keepers, delete: [.notifier]),
        TableRights(table: "outbox", insert: keepers, update: keepers, delete: [.notifier]),
        TableRights(table: "rejected_submissions", insert: [.planner], delete: [.notifier]),
        // A message opens its delivery, and takes it along.
        TableRights(table: "webhook_messages", insert: keepers, delete: [.notifier]),
        TableRights(table: "webhook_attempts", insert: [.webhookBridge]),
        TableRights(
            table: "webhook_endpoints", insert: [.webhookBridge], update: [.webhookBridge], delete: [.planner]),
        TableRights(table: "broker_state", insert: [.notifier], update: [.notifier]),
        TableRights(table: "duties", insert: [.notifier], update: [.notifier], delete: [.notifier]),
        TableRights(table: "replicas", insert: everyone, update: everyone, delete: everyone),
        TableRights(table: "execution_logs", insert: everyone, delete: [.notifier]),
        TableRights(table: "run_failures", insert: keepers, delete: [.notifier]),
        TableRights(table: "model_failures", insert: askers, delete: [.notifier]),
        TableRights(
            table: "pauses", insert: [.planner, .notifier], update: [.planner, .notifier], delete: [.notifier]),
        TableRights(table: "reports", insert: [.planner, .notifier]),
        TableRights(table: "catalogue", insert: [.planner], update: [.planner]),
        // The planner alone reads them, too: with a task they are its own.
        TableRights(table: "project_credentials", insert: [.planner], update: [.planner], delete: [.planner]),
        // Who opens credentials may read them, too.
        TableRights(table: "sealed_credentials", insert: [.planner], delete: [.planner]),
        TableRights(table: "readers"),
        // The gateway alone reads these two; tokens are the owner's, by the tool.
        TableRights(table: "access_tokens"),
        TableRights(
            table: "access_sessions", insert: [.gateway], update: [.gateway], delete: [.gateway]),
        TableRights(table: "schema_migrations"),
    ]

    /// What the planner alone changes of a workflow: what was asked for, and what it goes by.
    static let ofRequest = [
        "workflow_id", "company_id", "project_id", "task_id", "trace_id", "request", "flow", "content_hash", "priority",
        "created_at", "timeout_seconds", "max_cost_usd", "parent", "child_key", "ancestors",
    ]

    /// What a bridge changes of the run that is a delivery.
    static let ofDelivery = [
        "state", "owner", "epoch", "lease_until", "claimed_at", "run_at", "attempts", "last_error", "finished_at",
        "finished_by",
    ]

    /// The statements that grant a service what it may write.
    static func grants(to service: ServiceKind) -> String {
        rows.map { row in
            let verbs = [("insert", row.insert), ("update", row.update), ("delete", row.delete)]
                .filter { $1.contains(service) && !(row.table == "tasks" && $0 == "update" && service != .planner) }
            let columns = row.updateOf[service].map { "update (\($0.joined(separator: ", ")))" }
            let all = verbs.map(\.0) + [columns].compactMap(\.self)
            return all.isEmpty
                ? "" : "grant \(all.joined(separator: ", ")) on \(row.table) to \(service.databaseRole);\n"
        }.joined()
    }
}
