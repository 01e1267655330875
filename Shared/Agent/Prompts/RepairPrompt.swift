/// What the coder's model is told when validation failed: the first task again, then what went wrong.
package struct RepairPrompt: Sendable {
    /// A command of the validation that failed.
    package struct Failure: Sendable, Hashable {
        package var command: String
        package var exitCode: Int32
        package var output: String

        package init(command: String, exitCode: Int32, output: String) {
            self.command = command
            self.exitCode = exitCode
            self.output = output
        }
    }

    package var coder: CoderPrompt
    /// Which repair this is, from 1.
    package var round: Int
    package var failures: [Failure]
    /// What else the validator found.
    package var issues: [String]
    /// The model's own summary of what it did before.
    package var previousSummary: String

    package init(
        _ coder: CoderPrompt, round: Int, failures: [Failure], issues: [String] = [], previousSummary: String = ""
    ) {
        self.coder = coder
        self.round = round
        self.failures = failures
        self.issues = issues
        self.previousSummary = previousSummary
    }

    package var system: String { coder.system }

    package var task: String {
        var sections = PromptSections()
        sections.add(
            "Repair round \(round)",
            """
            The work tree holds your earlier work. Validation failed on it. Find the cause and mend it; do not start \
            over, and do not change the validation to make it pass unless it is plainly wrong.
            """)
        sections.add("What you said you did", previousSummary)
        for failure in failures {
            sections.add(
                "Failed: \(failure.command) (exit code \(failure.exitCode))",
                PromptRules.data(OutputLimiter.shorten(failure.output, to: 8000)))
        }
        sections.add("Issues", list: issues)
        return coder.task + "\n\n" + sections.text
    }
}
