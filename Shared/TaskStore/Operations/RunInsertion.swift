import Contracts
import Database

extension RunKey {
    /// How a run begins.
    enum Beginning: String, SQLEncodable {
        case held, ready
    }

    /// What orders the runs of a company, see the migration `queue`.
    static let rank: SQL = "t.created_at + t.priority * interval '10 minutes'"

    /// The statement that inserts the run of a workflow `t`.
    ///
    /// - Parameters:
    ///   - kind: The kind of its step.
    ///   - epoch: Where its epoch starts.
    ///   - closed: The part of the same statement that closes the run before it: two are never open at once.
    func insertRun(_ kind: StepKind, _ beginning: Beginning, epoch: Int = 0, after closed: SQL? = nil) -> SQL {
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
