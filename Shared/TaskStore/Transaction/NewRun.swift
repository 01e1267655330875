import Contracts
import Database
import FoundationEssentials

/// A run that is to be: its id is the database's to give.
struct NewRun {
    /// How a run begins.
    enum Beginning: String, SQLEncodable {
        case held, ready
    }

    let workflowID: UUID
    let stage: Stage
    /// The kind of its step.
    let kind: StepKind
    let round: Int
    let generation: Int

    /// What orders the runs of a company, see the migration `queue`.
    static let rank: SQL = "t.created_at + t.priority * interval '10 minutes'"

    /// The statement that inserts it.
    ///
    /// - Parameters:
    ///   - epoch: Where its epoch starts.
    ///   - closed: The part of the same statement that closes the run before it: two are never open at once.
    func insert(as beginning: Beginning, epoch: Int = 0, after closed: SQL? = nil) -> SQL {
        let source: SQL = closed.map { "tasks t join \($0) using (workflow_id)" } ?? "tasks t"
        let announced: SQL = beginning == .ready ? "now()" : "null"
        return """
            insert into stage_runs
                (workflow_id, stage, kind, round, generation, state, company_id, rank, epoch, announced_at)
            select t.workflow_id, \(stage), \(kind), \(round), \(generation), \(beginning), t.company_id,
                \(Self.rank), \(epoch), \(announced)
            from \(source) where t.workflow_id = \(workflowID)
            """
    }
}
