/// `finish`: the coder's last call.
struct FinishTool: Tool {
    let name = "finish"
    let description = """
        Ends your work. Call it alone, once the task is done and checked. Do not commit or push: that is done for you.
        """
    let parameters = [
        ToolParameter("summary", .text, "What you changed and how you checked it, for the reviewer."),
        ToolParameter("commit_message", .text, "One line in the imperative, under 72 characters.", required: false),
    ]

    func run(_ arguments: ToolArguments, in context: ToolContext) async throws -> ToolResult {
        ToolResult("Accepted.", summary: "finished: \(OutputLimiter.line(arguments.text("summary"), 150))")
    }
}
