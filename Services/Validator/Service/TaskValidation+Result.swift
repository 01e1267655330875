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
        let evidence = Evidence(
            workflowID: task.workflowID, baseCommit: task.base.text, tree: subject.tree.text,
            success: result.success, requested: subject.plan.commands.map(\.text),
            commands: result.commands.map(\.command), exitCodes: result.commands.map(\.exitCode),
            setup: subject.prepared.digest)
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
        result.commands = commands.prefix(8).map(\.clipped)
        result.checks = checks?.prefix(8).map(\.clipped)
        result.issues = issues.prefix(5).map { $0.clipped(300) }
        result.suggestions = suggestions.prefix(5).map { $0.clipped(200) }
        return result
    }
}

extension ValidationResult.Command {
    fileprivate var clipped: Self {
        var command = self
        command.output = String(output.suffix(bytes: 300))
        command.command = self.command.clipped(120)
        return command
    }
}
