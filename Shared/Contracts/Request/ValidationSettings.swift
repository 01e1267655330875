import Foundations

/// The `validation` part of a task request.
package struct ValidationSettings: Sendable, Hashable {
    /// Shell commands, run in order in the sandbox; empty takes those that ``ProjectSettings`` of the base branch name,
    /// and where there are none lets the validator detect the project.
    package var commands: [String]
    /// What is installed before work starts, for commands that have no network; see ``ProjectSettings/setup(of:)``.
    package var setup: SetupSteps
    /// Whether what the commands write becomes part of the change: then everything runs again on it. Else a command
    /// that changes files of the tree fails validation.
    package var write: Bool
    /// The time limit of each command, 1…86,400 s.
    package var timeoutSeconds: Int
    /// How often a failed validation goes back to the coder, 0…20.
    package var maxRepairRounds: Int
    /// Whether code that changes has to come with tests that fail without the change and pass with it.
    package var requireTests: Bool

    package init(
        commands: [String] = [], setup: SetupSteps = SetupSteps(), write: Bool = false, timeoutSeconds: Int = 600,
        maxRepairRounds: Int = 3, requireTests: Bool = false
    ) {
        self.commands = commands
        self.setup = setup
        self.write = write
        self.timeoutSeconds = timeoutSeconds
        self.maxRepairRounds = maxRepairRounds
        self.requireTests = requireTests
    }

    package init(_ fields: FieldReader) throws(FieldError) {
        commands = try fields.optionalStrings("commands", atMost: 100) ?? []
        setup = try SetupSteps(fields)
        write = try fields.optionalBool("write") ?? false
        timeoutSeconds = try fields.optionalInt("timeout_seconds", in: 1...86_400) ?? 600
        maxRepairRounds = try fields.optionalInt("max_repair_rounds", in: 0...20) ?? 3
        requireTests = try fields.optionalBool("require_tests") ?? false
    }

    package var json: JSONValue {
        var members: [String: JSONValue] = [
            "commands": .strings(commands), "timeout_seconds": .int(timeoutSeconds),
            "max_repair_rounds": .int(maxRepairRounds),
        ]
        // Only where it is asked for: a task that was submitted before there was a field stays the same task.
        if write { members["write"] = true }
        if requireTests { members["require_tests"] = true }
        return .object(members.merging(setup.members) { first, _ in first })
    }
}
