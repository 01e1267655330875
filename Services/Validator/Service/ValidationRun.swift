import Contracts
import Foundations
import Sandbox

/// What came of running the commands of a plan once.
package struct ValidationRun: Sendable {
    package static let nothingRan =
        "no command validated this tree: none was asked for, and there was none that fits the project"
    private static let keptOutput = 2000

    package var result: ValidationResult
    /// The sum over all commands whose output was understood.
    package var counts: TestCounts?
    /// Whether another change could pass: not where the validator itself lacks a program.
    package var isRepairable = true
    /// Whether a command changed the tree, where it may.
    package var hasWritten = false
    /// Changed files that cannot be read, each alone.
    package private(set) var broken: [SyntaxPlan.Batch] = []
    private var failures = 0

    init(_ plan: ValidationPlan) {
        result = ValidationResult(success: true, suggestions: plan.notes)
    }

    /// What fails comes before what has only to be known.
    mutating func fail(_ issue: String) {
        result.success = false
        result.issues.insert(issue, at: failures)
        failures += 1
    }

    mutating func noteMissing(_ program: String, of command: ValidationPlan.Command) {
        isRepairable = false
        fail(
            "`\(program)` is not installed on the validator, so `\(command.text.clipped(200))` was not run and nothing "
                + "shows that it would pass. Install it or show it to commands (SANDBOX_PATHS), or name other "
                + "validation.commands.")
    }

    /// The only file of the batch cannot be read.
    mutating func noteBroken(_ batch: SyntaxPlan.Batch, _ outcome: CommandOutcome) {
        noteCheck(batch, outcome)
        broken.append(batch)
        let cause = outcome.output.tail(Self.keptOutput)
        fail("`\(batch.names(1))` cannot be read as \(batch.checker.language):\n\(cause)")
    }

    mutating func noteUnchecked(_ batch: SyntaxPlan.Batch, _ why: String) {
        result.issues.append("The syntax of \(batch.checker.language) was not checked, for \(why): \(batch.names(20))")
    }

    /// Files were looked at.
    mutating func noteCheck(_ batch: SyntaxPlan.Batch, _ outcome: CommandOutcome) {
        let look = ValidationResult.Command(text: batch.text, outcome, keeping: Self.keptOutput)
        result.checks = (result.checks ?? []) + [look]
    }

    mutating func note(
        _ outcome: CommandOutcome, of command: ValidationPlan.Command, _ findings: CommandFindings, timeout: Duration
    ) {
        let found = findings.tests.counts
        counts = TestCounts.sum([counts, found])
        (result.testsPassed, result.testsFailed) = (counts?.passed, counts?.failed)
        result.commands.append(.init(text: command.text, outcome, keeping: Self.keptOutput))
        if let issue = Self.issue(command, outcome, findings, timeout) {
            fail(issue)
        } else if found?.ran == 0 {
            result.issues.append("`\(command.text.clipped(200))` ran no test.")
        }
    }

    private static func issue(
        _ command: ValidationPlan.Command, _ outcome: CommandOutcome, _ findings: CommandFindings, _ timeout: Duration
    ) -> String? {
        guard !outcome.succeeded else { return nil }
        let what =
            switch outcome.interruption {
            case .timeout: "took longer than \(Int(timeout.seconds)) s"
            case .outputLimit: "printed too much"
            case .diskLimit: "wrote more than the work tree may hold"
            case .memoryLimit: "used more memory than a command may"
            case nil:
                "failed with exit code \(outcome.exitCode)"
                    + (Shell.meaning(of: outcome.exitCode).map { " (\($0))" } ?? "")
            }
        let tests = findings.tests.failing.summary.map { ". Tests that failed: \($0)" } ?? ""
        return "`\(command.text.clipped(200))` \(what)\(tests):\n\(findings.excerpt)"
    }
}

extension ValidationResult.Command {
    fileprivate init(text: String, _ outcome: CommandOutcome, keeping limit: Int) {
        self.init(
            command: text, exitCode: Int(outcome.exitCode), durationMilliseconds: outcome.duration.milliseconds,
            output: outcome.output.tail(limit))
    }
}

extension String {
    /// The last scalars, at most `count`: what looks like one character can hold any number of them.
    fileprivate func tail(_ count: Int) -> String {
        String(String.UnicodeScalarView(unicodeScalars.suffix(count)))
    }
}
