import Contracts
import Flows
import Foundations

/// Why the store refused a call. What the database itself reports is a `DatabaseError`.
package enum StoreError: Retriable, Sendable, Hashable, CustomStringConvertible {
    /// The claim is not the current one: another replica took over, or the workflow ended or was paused. The owner
    /// stops at once.
    case leaseLost
    /// The workflow's state has no such transition.
    case notPossible(from: String)
    /// The workflow has ended.
    case alreadyEnded(TerminalStatus)
    /// The flow does not say what follows this outcome.
    case noSuchOutcome(Outcome, of: Stage)
    /// `completed` needs the validator's evidence.
    case completedWithoutEvidence
    /// A workflow has no flow, or one without steps.
    case noFlow
    /// No workflow has this id.
    case unknownWorkflow
    /// The request holds credentials in clear; only `none` and `sealed` are stored.
    case plainCredentials
    /// The journal holds another result for this step.
    case journalConflict(step: Int)
    /// `raise_budget` with a limit that is below the current one, or for a workflow without a limit.
    case budgetNotRaised(current: Double?)
    /// The checkpoints of a workflow that is to be retried were removed, see ``TaskStore/pruneHistory(before:limit:)``.
    case workRemoved
    /// A task that is to be retried depends on one that ended without success; with the reason.
    case dependencyFailed(String)
    /// Children that cannot be recorded together; with the reason.
    case invalidChildren(String)
    /// The id of a child is another task's; with the child's key.
    case childNameTaken(TaskID)
    /// A step that waits would wait for ever.
    case nothingToWaitFor
    /// The task has no webhook message of this id.
    case unknownWebhook
    /// A stage whose journal does not fit was begun afresh as often as makes sense.
    case begunAfreshTooOften
    /// The database was migrated by a newer version of the program.
    case schemaTooNew(database: Int, program: Int)
    /// The database is to be migrated first, by its owner.
    case schemaTooOld(database: Int, program: Int)
    /// Roles of the database do not exist, and this login may not make them.
    case rolesMissing([String])

    init(_ refusal: Progress.Refusal) {
        switch refusal {
        case .leaseLost: self = .leaseLost
        case .alreadyEnded(let status): self = .alreadyEnded(status)
        case .notPossible(let from): self = .notPossible(from: from)
        }
    }

    /// One of them goes away by itself: somebody migrates the database.
    package var isRetriable: Bool { if case .schemaTooOld = self { true } else { false } }

    package var description: String {
        switch self {
        case .leaseLost: "the lease was lost: another replica owns the stage, or the workflow was stopped"
        case .notPossible(let from): "not possible while the workflow is \(from)"
        case .alreadyEnded(let status): "the workflow has ended: \(status.rawValue)"
        case .noSuchOutcome(let outcome, let stage): "the flow does not say what follows \(outcome) of \(stage)"
        case .completedWithoutEvidence: "a workflow completes with evidence of its validation"
        case .noFlow: "the workflow has no flow"
        case .unknownWorkflow: "there is no such workflow"
        case .plainCredentials: "the request holds credentials in clear"
        case .journalConflict(let step): "the journal holds another result for step \(step)"
        case .budgetNotRaised(let current):
            current.map { "the budget is \($0) already" } ?? "the workflow has no budget limit"
        case .workRemoved: "the work was removed because it ended long ago: submit the task anew"
        case .dependencyFailed(let reason): "\(reason): retry that task first"
        case .invalidChildren(let reason): "the children cannot be recorded: \(reason)"
        case .childNameTaken(let key): "the id of the child \(key) is another task's"
        case .nothingToWaitFor: "there is nothing that the step could wait for"
        case .unknownWebhook: "the task has no such webhook"
        case .begunAfreshTooOften: "the stage was begun afresh too often"
        case .schemaTooNew(let database, let program):
            "the database has schema version \(database), this program knows \(program): use a newer program"
        case .schemaTooOld(let database, let program):
            "the database has schema version \(database), this program needs \(program), and this login does not own it: "
                + "run `automata migrate` as the owner"
        case .rolesMissing(let names):
            "this login may not make roles: give it CREATEROLE, or have an administrator run: "
                + names.map { "create role \($0);" }.joined(separator: " ")
        }
    }
}
