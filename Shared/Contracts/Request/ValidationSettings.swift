import Foundations

/// The `validation` part of a task request.
package struct ValidationSettings: Sendable, Hashable {
    /// Shell commands, run in order in the sandbox; empty lets the validator detect the project.
    package var commands: [String]
    /// The time limit of each command, 1…86,400 s.
    package var timeoutSeconds: Int
    /// How often a failed validation goes back to the coder, 0…20.
    package var maxRepairRounds: Int

    package init(commands: [String] = [], timeoutSeconds: Int = 600, maxRepairRounds: Int = 3) {
        self.commands = commands
        self.timeoutSeconds = timeoutSeconds
        self.maxRepairRounds = maxRepairRounds
    }

    package init(_ fields: FieldReader) throws(FieldError) {
        commands = try fields.optionalStrings("commands", atMost: 100) ?? []
        timeoutSeconds = try fields.optionalInt("timeout_seconds", in: 1...86_400) ?? 600
        maxRepairRounds = try fields.optionalInt("max_repair_rounds", in: 0...20) ?? 3
    }

    package var json: JSONValue {
        [
            "commands": .strings(commands), "timeout_seconds": .int(timeoutSeconds),
            "max_repair_rounds": .int(maxRepairRounds),
        ]
    }
}
