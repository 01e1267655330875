import Agent
import AgentRuns
import Contracts
import Foundations
import Git
import Sandbox
import TaskStore
import Worker
import Workspaces

// What a round comes to.
extension CodingRound {
    /// - Parameter head: The commit that was kept last.
    func end(_ outcome: ConversationOutcome, at head: ObjectID) async throws -> StageEnd {
        let changes = try await changes(outcome, at: head)
        if let failure = outcome.end.failure {
            guard !failure.isRetriable else { throw failure }
            return .failed(failure, changes)
        }
        guard case .finished(let call) = outcome.end else {
            throw StageFailure(.internalError, "the conversation ended without the final call")
        }
        let output = ImplementationOutput(
            summary: call.arguments["summary"]?.stringValue ?? "",
            commitMessage: call.arguments["commit_message"]?.stringValue)
        let difference = changes.difference ?? Difference()
        let event = ImplementationCompleted(
            round: run.claim.key.round, iterations: outcome.iterations,
            summary: output.summary.clipped(1000), filesChanged: difference.filesChanged,
            insertions: difference.insertions, deletions: difference.deletions)
        return .finished(
            StepResult(.succeeded, output: output, changes: changes, events: [try EventDraft(event)]))
    }

    /// Where the work stands, whatever the end: nothing of it is thrown away.
    private func changes(_ outcome: ConversationOutcome, at head: ObjectID) async throws -> WorkflowChanges {
        let tree = try await repository.tree(of: head)
        guard let base = run.record.baseCommit.flatMap({ ObjectID($0) }) else { return WorkflowChanges() }
        let diff = try await repository.diff(from: base, to: head, maxBytes: 0)
        return WorkflowChanges(
            headCommit: head.text, headTree: tree.text, stepsCompleted: try stepsDone(outcome, diff),
            difference: Difference(diff), sandbox: workplace.level.rawValue)
    }

    /// The coder's own list tells best, see ``WorkflowResult/stepsCompleted``.
    private func stepsDone(_ outcome: ConversationOutcome, _ diff: DiffSummary) throws -> Int? {
        guard let plan = try run.record.outputs.get(PlanOutput.self)?.plan else { return nil }
        if let progress = outcome.progress {
            return ImplementationPlan.steps(plan.steps.count, done: progress.done, of: progress.all)
        }
        var isFinished = false
        if case .finished = outcome.end { isFinished = true }
        return plan.stepsDone(changing: Set(diff.files.map(\.path)), isFinished: isFinished)
    }
}
