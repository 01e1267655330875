import Contracts
import Database
import Flows
import FoundationEssentials
import Foundations

/// The writes of a transaction on one locked workflow, sent as a single statement.
struct WorkflowWrite {
    let workflow: LockedWorkflow
    private let subjects: SubjectScheme
    private var assignments: [SQL] = []
    private var parts: [SQL] = []
    private var outgoing: [SQL] = []
    private var activities: [SQL] = []
    private var lastSeq: Int

    init(_ workflow: LockedWorkflow, subjects: SubjectScheme) {
        self.workflow = workflow
        self.subjects = subjects
        lastSeq = workflow.lastSeq
    }

    /// Sets columns of the workflow.
    mutating func set(_ columns: SQL...) { assignments += columns }

    /// Has the time limit count from now.
    mutating func countFromNow() { assignments += Ancestry.countFromNow }

    /// Sets the workflow's state. The epoch is the run's.
    mutating func set(_ progress: Progress) {
        let before = workflow.progress
        if progress.status != before.status { set("status = \(progress.status)") }
        if progress.stage != before.stage { set("stage = \(progress.stage)") }
        if progress.round != before.round { set("round = \(progress.round)") }
        if progress.awaitsApproval != before.awaitsApproval { set("awaits_approval = \(progress.awaitsApproval)") }
        if workflow.cancelRequested { set("cancel_requested = false") }
        if workflow.pauseRequested { set("pause_requested = false") }
    }

    /// Sets what a stage found or made.
    mutating func apply(_ changes: WorkflowChanges) { assignments += changes.assignments() }

    /// Adds a statement that changes another table; `name` is unique among the parts, which can refer to it.
    mutating func add(_ name: String, _ statement: SQL) { parts.append("\(identifier: name) as (\(statement))") }

    /// Gives events their place in the workflow.
    @discardableResult
    mutating func emit(_ drafts: [EventDraft]) throws -> [StoredEvent] {
        try drafts.map { draft in
            lastSeq += 1
            let stored = try StoredEvent(draft, seq: lastSeq, workflowID: workflow.id, address: workflow.address)
            outgoing.append(stored.outboxRow(subjects, traceID: workflow.traceID))
            activities.append(stored.activityRow)
            if let discovery = try stored.discovery() { add("discovery_\(parts.count)", discovery) }
            return stored
        }
    }

    /// Tells people of something that is no event.
    mutating func tell(_ type: ActivityType, _ message: String, _ details: JSONValue) {
        let address = workflow.address
        activities.append(
            """
            (\(UUID.v7()), \(address.task), \(workflow.id), \(address.company), \(address.project), \(type),
             \(message.storable), \(details.storable), null, null, null)
            """)
    }

    /// Announces the run of a step to the replicas that do its kind.
    mutating func announce(_ kind: StepKind, at progress: Progress) throws {
        let permit = Permit(
            address: workflow.address, workflowID: workflow.id, kind: kind, progress: progress,
            traceID: workflow.traceID)
        outgoing.append(try permit.outboxRow(subjects))
    }

    /// Has a person decide before the run that follows may begin.
    mutating func ask(for approval: String, about summary: String) throws {
        set("approved_at = null")
        try emit([EventDraft(ApprovalRequested(approval: approval, summary: summary.clipped(500)))])
    }

    /// Sends all of it. Returns every unpublished message of the workflow, these included, in their order.
    func execute(on connection: Connection) throws -> [OutboxMessage] {
        var common = parts
        let assignments = lastSeq == workflow.lastSeq ? assignments : assignments + ["last_seq = \(lastSeq)"]
        if !assignments.isEmpty {
            let update: SQL = "update tasks t set \(SQL.list(assignments)) where workflow_id = \(workflow.id)"
            common.append("task as (\(update))")
        }
        if !activities.isEmpty { common.append("told as (\(StoredEvent.insertActivities) \(SQL.list(activities)))") }
        var messages = Self.unpublished(of: workflow.id)
        if !outgoing.isEmpty {
            let insert: SQL = "\(OutboxMessage.insert) \(SQL.list(outgoing)) returning \(OutboxMessage.columns)"
            common.append("fresh as (\(insert))")
            messages += " union all select \(OutboxMessage.columns) from fresh"
        }
        let with: SQL = common.isEmpty ? "" : "with \(SQL.list(common))"
        return try connection.execute("\(with) \(messages) order by id").map(OutboxMessage.init)
    }

    private static func unpublished(of id: UUID) -> SQL {
        "select \(OutboxMessage.columns) from outbox where workflow_id = \(id) and published_at is null"
    }

    /// Every unpublished message of a workflow, in their order.
    static func unpublished(of id: UUID, on connection: Connection) throws -> [OutboxMessage] {
        try connection.execute("\(unpublished(of: id)) order by id").map(OutboxMessage.init)
    }
}
