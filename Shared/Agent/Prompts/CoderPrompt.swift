import Contracts

/// What the coder's model is told.
package struct CoderPrompt: Sendable {
    /// More files are only counted.
    private static let mostBegun = 50

    package var brief: TaskBrief
    package var plan: ImplementationPlan?
    /// The files that the work so far has changed; empty at the first start.
    package var begun: [String]

    package init(_ brief: TaskBrief, plan: ImplementationPlan?, begun: [String] = []) {
        self.brief = brief
        self.plan = plan
        self.begun = begun
    }

    package var system: String {
        PromptRules.system(
            """
            You are a software engineer who makes a change to a Git repository, alone and without questions: nobody \
            answers. Your work tree is /workspace; paths are relative to it. Commands run in a sandbox without network.

            How to work:
            - Follow the plan, but trust what you see over what it says. Where you have update_todos, \
            keep its steps there and mark each as done when it is: people see how far you are.
            - Read what you change first. Make the smallest change that does the whole task; keep the style of the code.
            - Check your work: build it, run the tests that matter, run them again after your last edit.
            - Never weaken, skip or delete tests to make them pass.
            - Leave no temporary files behind. Do not commit, branch or push: that is done for you.
            - Several tool calls in one reply are run in order.
            - When everything is done and checked, call finish alone.
            """, instructions: brief.instructions)
    }

    package var task: String {
        var sections = PromptSections()
        if let plan {
            sections.add("Goal of the plan", plan.goal)
            sections.add("Steps of the plan", list: plan.steps)
            sections.add("Files to create", list: plan.filesToCreate)
            sections.add("Files to modify", list: plan.filesToModify)
            sections.add("How to see that it works", list: plan.validationCriteria)
        }
        if !begun.isEmpty {
            sections.add(
                "Work so far",
                """
                An earlier attempt was interrupted. What it changed is in the work tree: look at it and go on from there; \
                do not start over.
                """)
            let more = begun.count - Self.mostBegun
            sections.add(
                "Files that it changed",
                list: begun.prefix(Self.mostBegun).map { OutputLimiter.line($0) }
                    + (more > 0 ? ["… and \(more) more"] : []))
        }
        return [brief.text, sections.text].filter { !$0.isEmpty }.joined(separator: "\n\n")
    }
}
