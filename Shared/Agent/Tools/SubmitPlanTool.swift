/// `submit_plan`: the planner's last call.
struct SubmitPlanTool: Tool {
    let name = "submit_plan"
    let description = "Submits the plan and ends your work. Call it alone, after you have looked at the repository."
    let parameters = [
        ToolParameter("goal", .text, "What will be true when the task is done, in one sentence."),
        ToolParameter("steps", .list(.text), "The steps in order, each small enough to check."),
        ToolParameter("files_to_create", .list(.text), "Paths of new files.", required: false),
        ToolParameter("files_to_modify", .list(.text), "Paths of existing files that change.", required: false),
        ToolParameter("estimated_steps", .integer, "How many steps it will take.", required: false),
        ToolParameter(
            "validation_criteria", .list(.text), "How to see that it works: commands, tests, behaviour.",
            required: false),
    ]

    func run(_ arguments: ToolArguments, in context: ToolContext) async throws -> ToolResult {
        let steps = arguments.texts("steps")
        guard !arguments.text("goal").isEmpty, !steps.isEmpty, steps.count <= 100 else {
            throw ToolError("A plan needs a goal and 1 to 100 steps.")
        }
        return ToolResult("Accepted.", summary: "plan of \(steps.count) steps")
    }
}
