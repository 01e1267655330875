/// What the planner's model is told.
package struct PlannerPrompt: Sendable {
    package var brief: TaskBrief

    package init(_ brief: TaskBrief) { self.brief = brief }

    package var system: String {
        PromptRules.system(
            """
            You plan a change to a Git repository that another agent will make. Look at the repository with the tools \
            first: what it is, how it is built and tested, which files matter. Then call submit_plan once. You cannot \
            change anything and you do not write the code. A good plan is short, names real paths, covers every \
            requirement, and says how to see that each step worked. If the task needs no change, say so in one step.
            """, instructions: brief.instructions)
    }

    package var task: String { brief.text }
}
