import Contracts

/// What the coder's model is told when validation failed: the first task again, then what went wrong.
package struct RepairPrompt: Sendable {
    package var coder: CoderPrompt
    /// Which repair this is, from 1.
    package var round: Int
    /// The commands that failed.
    package var failures: [ValidationResult.Command]
    /// What else the validator found.
    package var issues: [String]
    /// The model's own summary of what it did before.
    package var previousSummary: String

    package init(
        _ coder: CoderPrompt, round: Int, failures: [ValidationResult.Command], issues: [String] = [],
        previousSummary: String = ""
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
