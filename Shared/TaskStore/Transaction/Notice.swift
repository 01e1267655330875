import Contracts
import Database
import FoundationEssentials
import Foundations

/// What a workflow is told by another, or by itself, in the transaction in which it comes true.
///
/// The invariants of what happens between workflows:
/// - A transaction locks the row of one workflow. Of others it reads what is committed, and tells them by inserting.
/// - A workflow takes its notices in while its row is locked, and then looks at the facts anew: a notice says that there
///   is something to look at, not what was seen. So it does not matter how many there are, or how late they come.
/// - A notice is committed with its cause. Whoever looks first and waits then tells itself (``Kind/look``). After that has
///   committed it waits for the transactions under way of those it waits for, which may have looked for whom to tell
///   before, and looks once more: of a cause that the first look missed the second knows, or its notice is still to come.
/// - A child tells its parent of its first start and of each end, in this order, and the parent's events say so in the
///   order of the notices. What a child tells a parent that has ended is dropped; what was told before goes before the
///   parent's last event.
/// - A step that waits is claimed again after each end of a child that it may not have seen: one that is told while it is
///   claimed is noted with the lease, see ``WorkflowWrite/wake()``. It waits only for what is still to come.
/// - Who may change the workflows of its claims alone tells others and leaves it there. Notices that nobody took in are the
///   reconciler's, see ``TaskStore/settleTold(limit:)``.
struct Notice {
    enum Kind: String, SQLEncodable, SQLDecodable {
        /// It waits since this notice, and has to look once more at what it waits for.
        case look
        /// Something became of a task that it depends on.
        case dependency
        /// Its parent may have ended.
        case parent
        /// A child of it started, or ended.
        case started, ended
    }

    let kind: Kind
    /// The event of it, where it is of a child.
    let event: EventDraft?

    /// How many a workflow takes in at once.
    private static let most = 200

    private init(_ row: Row) throws {
        kind = try row.get("kind")
        guard let key: String = try row.get("child_key") else {
            event = nil
            return
        }
        let (task, status): (TaskID, TaskStatus) = (try row.get("child_task"), try row.get("child_status"))
        event =
            kind == .started
            ? try EventDraft(SubtaskStarted(key: key, taskID: task, status: status))
            : try EventDraft(SubtaskEnded(key: key, taskID: task, status: status))
    }

    /// The first notices of a locked workflow in their order, which are gone with this transaction; and whether there may
    /// be more.
    static func take(
        by workflow: LockedWorkflow, atMost limit: Int = most, on connection: Connection
    ) throws -> (notices: [Notice], isCut: Bool) {
        let rows = try connection.execute(
            """
            with taken as (
                delete from notices where workflow_id = \(workflow.id) and id in (
                    select id from notices where workflow_id = \(workflow.id) order by id limit \(limit))
                returning id, kind, child_key, child_task, child_status
            )
            select kind, child_key, child_task, child_status from taken order by id
            """)
        return (try rows.map(Notice.init), rows.count == limit)
    }

    /// Removes those of a workflow that is no more.
    static func forget(_ workflowID: UUID, on connection: Connection) throws {
        try connection.execute(
            """
            delete from notices where workflow_id = \(workflowID)
                and not exists (select from tasks where workflow_id = \(workflowID))
            """)
    }

    /// Has a workflow look once more once this transaction has committed.
    static func lookAgain(_ workflowID: UUID, on connection: Connection) throws -> Set<UUID> {
        try connection.execute("insert into notices (workflow_id, kind) values (\(workflowID), \(Kind.look))")
        return [workflowID]
    }

    /// The workflows whose ends one that looks once more has to wait for: its parent, and what it depends on.
    static func awaited(by workflowID: UUID, on connection: Connection) throws -> [UUID] {
        try connection.execute(
            """
            with looking as (
                select parent from tasks t where workflow_id = \(workflowID) and exists (
                    select from notices n where n.workflow_id = t.workflow_id and n.kind = \(Kind.look))
            )
            select parent as workflow_id from looking where parent is not null
            union all
            select t.workflow_id from looking, dependencies d join tasks t
                on (t.company_id, t.project_id, t.task_id) = (d.company_id, d.project_id, d.depends_on)
            where d.workflow_id = \(workflowID)
            """
        ).map { try $0.get("workflow_id") }
    }

    /// Tells the open workflows that depend on a task. Returns which.
    static func tellDependents(of address: TaskAddress, on connection: Connection) throws -> Set<UUID> {
        try tell(
            """
            select d.workflow_id, \(Kind.dependency)::text from dependencies d join tasks t using (workflow_id)
            where d.company_id = \(address.company) and d.project_id = \(address.project)
                and d.depends_on = \(address.task) and t.finished_at is null
            """, on: connection)
    }

    /// Tells the open children of a workflow that ends. Returns which.
    static func tellChildren(of workflow: LockedWorkflow, on connection: Connection) throws -> Set<UUID> {
        guard workflow.children > 0 else { return [] }
        return try tell(
            """
            select workflow_id, \(Kind.parent)::text from tasks
            where parent = \(workflow.id) and finished_at is null
            """, on: connection)
    }

    private static func tell(_ whom: SQL, on connection: Connection) throws -> Set<UUID> {
        let rows = try connection.execute("insert into notices (workflow_id, kind) \(whom) returning workflow_id")
        return Set(try rows.map { try $0.get("workflow_id") })
    }

    /// Tells the parent of a locked workflow, if it has one. Returns it.
    static func tellParent(
        of child: LockedWorkflow, _ kind: Kind, _ status: TaskStatus, on connection: Connection
    ) throws -> Set<UUID> {
        guard let parent = child.parent else { return [] }
        try connection.execute(
            """
            insert into notices (workflow_id, kind, child_key, child_task, child_status)
            select parent, \(kind)::text, child_key, task_id, \(status)::text from tasks
            where workflow_id = \(child.id)
            """)
        return [parent]
    }

    /// The statement that tells the parents of the workflows of `runs`, which were claimed, of the first claim.
    static func ofFirstClaims(_ runs: SQL) -> SQL {
        """
        insert into notices (workflow_id, kind, child_key, child_task, child_status)
        select t.parent, 'started', t.child_key, t.task_id, 'running' from tasks t join \(runs) r using (workflow_id)
        where r.epoch = 1 and t.parent is not null
        """
    }
}
