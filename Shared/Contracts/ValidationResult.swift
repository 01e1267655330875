import Foundations

/// What validation found; `validation_result` of the result.
package struct ValidationResult: Sendable, Hashable, Codable {
    /// One command of the validation.
    package struct Command: Sendable, Hashable, Codable {
        package var command: String
        package var exitCode: Int
        package var durationMilliseconds: Int
        /// The end of what it printed, at most 2,000 characters.
        package var output: String

        package init(command: String, exitCode: Int, durationMilliseconds: Int, output: String) {
            self.command = command
            self.exitCode = exitCode
            self.durationMilliseconds = durationMilliseconds
            self.output = output
        }

        private enum CodingKeys: String, CodingKey {
            case command, output
            case exitCode = "exit_code"
            case durationMilliseconds = "duration_ms"
        }
    }

    package var success: Bool
    /// What people have to know, not only of a failure: also what a success does not rest upon.
    package var issues: [String]
    package var suggestions: [String]
    /// The tests that passed, in all commands; `nil` where no runner's count was understood.
    package var testsPassed: Int?
    package var testsFailed: Int?
    package var commands: [Command]
    /// The looks at the syntax of changed files that came before the commands, one a language; `nil` where there was
    /// none. They are no commands: pushers of before hold ``commands`` against what was asked for.
    package var checks: [Command]?

    package init(
        success: Bool, issues: [String] = [], suggestions: [String] = [], testsPassed: Int? = nil,
        testsFailed: Int? = nil, commands: [Command] = [], checks: [Command]? = nil
    ) {
        self.success = success
        self.issues = issues
        self.suggestions = suggestions
        self.testsPassed = testsPassed
        self.testsFailed = testsFailed
        self.commands = commands
        self.checks = checks
    }

    private enum CodingKeys: String, CodingKey {
        case success, issues, suggestions, commands, checks
        case testsPassed = "tests_passed"
        case testsFailed = "tests_failed"
    }

    /// Every field is written, an absent count as null; looks only where there were some.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(success, forKey: .success)
        try container.encode(issues, forKey: .issues)
        try container.encode(suggestions, forKey: .suggestions)
        try container.encode(testsPassed, forKey: .testsPassed)
        try container.encode(testsFailed, forKey: .testsFailed)
        try container.encode(commands, forKey: .commands)
        try container.encodeIfPresent(checks, forKey: .checks)
    }
}
