/// `finish`: the coder's last call.
struct FinishTool: Tool {
    let name = "finish"
    let description = """
        Ends your work. Call it alone, once the task is done and checked. Do not commit or push: that is done for you. \
        What looks like leftovers of tools (caches, coverage, build folders) is left out; you are asked about it once.
        """
    let parameters = [
        ToolParameter("summary", .text, "What you changed and how you checked it, for the reviewer."),
        ToolParameter("commit_message", .text, "One line in the imperative, under 72 characters.", required: false),
        ToolParameter(
            "include", .list(.text),
            "Files and folders that commands made and that are meant, though they look like leftovers.",
            required: false),
    ]

    func run(_ arguments: ToolArguments, in context: ToolContext) async throws -> ToolResult {
        let included = try await context.blocking { files in
            try arguments.texts("include").map { path in
                let path = try files.locateExisting(path)
                try context.requireScope(path)
                return path
            }
        }
        return ToolResult(
            "Accepted.", summary: "finished: \(OutputLimiter.line(arguments.text("summary"), 150))",
            included: included.isEmpty ? nil : included)
    }
}
