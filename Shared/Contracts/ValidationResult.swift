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
    package var issues: [String]
    package var suggestions: [String]
    package var testsPassed: Int
    package var testsFailed: Int
    package var commands: [Command]

    package init(
        success: Bool, issues: [String] = [], suggestions: [String] = [], testsPassed: Int = 0, testsFailed: Int = 0,
        commands: [Command] = []
    ) {
        self.success = success
        self.issues = issues
        self.suggestions = suggestions
        self.testsPassed = testsPassed
        self.testsFailed = testsFailed
        self.commands = commands
    }

    private enum CodingKeys: String, CodingKey {
        case success, issues, suggestions, commands
        case testsPassed = "tests_passed"
        case testsFailed = "tests_failed"
    }
}
