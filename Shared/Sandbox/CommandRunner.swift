/// Runs commands; ``Sandbox`` is the real one.
package protocol CommandRunner: Sendable {
    /// The isolation in force.
    var level: SandboxLevel { get }
    /// Runs `command` to its end. Throws ``SandboxError`` if it cannot be run, `CancellationError` if the task was
    /// cancelled, in which case nothing of the command is left running.
    func run(_ command: SandboxCommand) async throws -> CommandOutcome
}
