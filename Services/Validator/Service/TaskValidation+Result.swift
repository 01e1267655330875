import Contracts
import Cryptography
import Foundations
import Git
import Sandbox
import TaskStore

// What a validation came to.
extension TaskValidation {
    func result(_ run: ValidationRun, of subject: ValidationSubject) throws -> StepResult {
        let result = run.result
        let commands = result.commands.dropFirst(run.checks)
        let evidence = Evidence(
            workflowID: task.workflowID, baseCommit: task.base.text, tree: subject.tree.text,
            success: result.success, checks: result.commands.prefix(run.checks).map(\.command),
            requested: subject.plan.commands.map(\.text), commands: commands.map(\.command),
            exitCodes: commands.map(\.exitCode), setup: subject.prepared.digest)
        let signature = try EvidenceSignature.sign(evidence, with: signing)
        return StepResult(
            Self.outcome(run, subject), issue: result.success ? nil : result.issues.first ?? "validation failed",
            summary: task.summary,
            output: ValidationOutput(
                result: result, signed: SignedEvidence(evidence: evidence, signature: signature)),
            changes: WorkflowChanges(sandbox: workplace.level.rawValue),
            events: [try EventDraft(ValidationCompleted(result: result.clipped()))])
    }

    private static func outcome(_ run: ValidationRun, _ subject: ValidationSubject) -> Outcome {
        guard run.result.success else { return run.isRepairable ? .failed : .unrepairable }
        return subject.isChanged ? .succeeded : .unchanged
    }
}

extension ValidationResult {
    /// The result with its texts cut so that it fits into an event.
    fileprivate func clipped() -> ValidationResult {
        var result = self
        result.commands = commands.prefix(8).map { command in
            var command = command
            command.output = String(command.output.suffix(bytes: 300))
            command.command = command.command.clipped(120)
            return command
        }
        result.issues = issues.prefix(5).map { $0.clipped(300) }
        result.suggestions = suggestions.prefix(5).map { $0.clipped(200) }
        return result
    }
}
