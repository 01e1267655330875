import Contracts
import Foundations
import Sandbox
import ServiceKit

/// Runs the commands of a plan in the sandbox, one after the other, and reads what they say.
package struct ValidationRunner: Sendable {
    private static let keptOutput = 2000

    private let sandbox: any CommandRunner
    private let workTree: String
    private let timeout: Duration
    private let crashPoints: CrashPoints
    private let progressed: @Sendable () -> Void

    /// - Parameter progressed: Told after each command.
    package init(
        sandbox: any CommandRunner, workTree: String, timeout: Duration, crashPoints: CrashPoints = .none,
        progressed: @escaping @Sendable () -> Void = {}
    ) {
        self.progressed = progressed
        self.crashPoints = crashPoints
        self.sandbox = sandbox
        self.workTree = workTree
        self.timeout = timeout
    }

    package func run(_ plan: ValidationPlan) async throws -> ValidationResult {
        var result = ValidationResult(success: true, suggestions: plan.notes)
        for command in plan.commands {
            if let program = command.program, try await !isInstalled(program) {
                result.suggestions.append(
                    "\(program) is not installed on the validator: `\(command.text)` was not run.")
                continue
            }
            let outcome = try await crashPoints.around(.effect) {
                try await sandbox.run(SandboxCommand(command.arguments, workTree: workTree, timeout: timeout))
            }
            progressed()
            let counts = TestCounts(parsing: outcome.output)
            result.testsPassed += counts.passed
            result.testsFailed += counts.failed
            result.commands.append(
                ValidationResult.Command(
                    command: command.text, exitCode: Int(outcome.exitCode),
                    durationMilliseconds: outcome.duration.milliseconds,
                    output: String(outcome.output.suffix(Self.keptOutput))))
            if let issue = Self.issue(command, outcome, timeout) {
                result.success = false
                result.issues.append(issue)
            }
        }
        return result
    }

    private func isInstalled(_ program: String) async throws -> Bool {
        let probe = SandboxCommand(
            ["/bin/sh", "-c", "command -v \"$1\" >/dev/null", "sh", program], workTree: workTree,
            timeout: .seconds(10))
        return try await sandbox.run(probe).succeeded
    }

    private static func issue(
        _ command: ValidationPlan.Command, _ outcome: CommandOutcome, _ timeout: Duration
    ) -> String? {
        guard !outcome.succeeded else { return nil }
        let end = outcome.output.split(separator: "\n").suffix(40).joined(separator: "\n")
        let what =
            switch outcome.interruption {
            case .timeout: "took longer than \(Int(timeout.seconds)) s"
            case .outputLimit: "printed too much"
            case .diskLimit: "wrote more than the work tree may hold"
            case nil: "failed with exit code \(outcome.exitCode)"
            }
        return "`\(command.text.clipped(200))` \(what):\n\(String(end.suffix(4000)))"
    }
}
