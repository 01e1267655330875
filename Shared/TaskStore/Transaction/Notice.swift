import Contracts
import Database
import FoundationEssentials

/// What a workflow is told by another, or by itself, in the transaction in which it comes true.
///
/// The invariants of what happens between workflows:
/// - A transaction locks the row of one workflow. Of others it reads what is committed, and tells them by inserting.
/// - A workflow takes its notices in while its row is locked, and then looks at the facts anew: a notice says that there
///   is something to look at, not what was seen. So it does not matter how many there are, or how late they come.
/// - A notice is committed with its cause. Whoever looks first and waits then tells itself, and looks once more after
///   that has committed: of a cause that the first look missed the second knows, or its notice is still to come.
/// - Notices that nobody took in are the reconciler's, see ``TaskStore/settleTold(limit:)``.
struct Notice {
    enum Kind: String, SQLEncodable, SQLDecodable {
        /// Something became of a task that it depends on.
        case dependency
    }

    let kind: Kind

    /// The notices of a locked workflow in their order, which are gone with this transaction.
    static func take(by workflow: LockedWorkflow, on connection: Connection) throws -> [Notice] {
        try connection.execute(
            """
            with taken as (delete from notices where workflow_id = \(workflow.id) returning id, kind)
            select kind from taken order by id
            """
        ).map { Notice(kind: try $0.get("kind")) }
    }

    /// Removes those of a workflow that is no more.
    static func forget(_ workflowID: UUID, on connection: Connection) throws {
        try connection.execute(
            """
            delete from notices where workflow_id = \(workflowID)
                and not exists (select from tasks where workflow_id = \(workflowID))
            """)
    }

    /// Has a workflow look at what it depends on once this transaction has committed.
    static func lookAgain(_ workflowID: UUID, on connection: Connection) throws -> Set<UUID> {
        try connection.execute(
            "insert into notices (workflow_id, kind) values (\(workflowID), \(Kind.dependency))")
        return [workflowID]
    }

    /// Tells the open workflows that depend on a task. Returns which.
    static func tellDependents(of address: TaskAddress, on connection: Connection) throws -> Set<UUID> {
        Set(
            try connection.execute(
                """
                insert into notices (workflow_id, kind)
                select d.workflow_id, \(Kind.dependency)::text from dependencies d join tasks t using (workflow_id)
                where d.company_id = \(address.company) and d.project_id = \(address.project)
                    and d.depends_on = \(address.task) and t.finished_at is null
                returning workflow_id
                """
            ).map { try $0.get("workflow_id") })
    }
}
