import Foundations
import Sandbox

/// `run_shell_command`: a command in the sandbox.
struct RunShellCommandTool: Tool {
    let name = "run_shell_command"
    let description = """
        Runs a shell command in the work tree and returns its exit code and output. There is no network, no terminal \
        and no input; only the work tree and /tmp can be written, and /tmp is empty each time. Each command starts \
        anew: `cd`, variables and background processes do not last. The default timeout is 120 seconds, the longest \
        600. Long output is cut in the middle.
        """
    let parameters = [
        ToolParameter("command", .text, "The command, as for bash -o pipefail -c."),
        ToolParameter("timeout", .integer, "Seconds, 1 to 600. Default 120.", required: false),
    ]
    let changesFiles = true

    func run(_ arguments: ToolArguments, in context: ToolContext) async throws -> ToolResult {
        let script = arguments.text("command")
        guard !script.isEmpty, !script.utf8.contains(0) else { throw ToolError("command is empty or holds NUL bytes.") }
        guard script.utf8.count < 100_000 else {
            throw ToolError("The command is too long. Write it to a file with write_file and run the file.")
        }
        let seconds = min(max(arguments.integer("timeout") ?? 120, 1), 600)
        let outcome = try await context.runner.run(
            .shell(script, workTree: context.files.root, timeout: .seconds(seconds), limits: context.limits))
        let output = outcome.output.isEmpty ? "[no output]" : outcome.output
        return ToolResult(
            "exit code: \(outcome.exitCode)\(note(outcome, seconds))\n\(output)", ok: outcome.succeeded,
            summary: "\(OutputLimiter.line(script, 150)): exit \(outcome.exitCode)")
    }

    private func note(_ outcome: CommandOutcome, _ seconds: Int) -> String {
        switch outcome.interruption {
        case .timeout: " (killed after \(seconds) seconds; give a longer timeout or do less at once)"
        case .outputLimit: " (killed: too much output; send it to a file or filter it)"
        case .diskLimit: " (killed: the work tree grew too large; remove what is not needed)"
        case .memoryLimit: " (killed: memory limit; use less memory, or fewer processes at once)"
        case nil: Shell.meaning(of: outcome.exitCode).map { " (\($0))" } ?? ""
        }
    }
}
