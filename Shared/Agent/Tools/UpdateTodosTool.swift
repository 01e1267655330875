import Foundations

/// `update_todos`: the model's own plan.
struct UpdateTodosTool: Tool {
    let name = "update_todos"
    let description = """
        Replaces your todo list. Keep it short and current: one item in_progress at a time. It stays visible to you \
        even when older parts of the conversation are summarised.
        """
    let parameters = [
        ToolParameter(
            "items",
            .list(
                .object([
                    ToolParameter("text", .text, "What is to be done."),
                    ToolParameter("status", .choice(["pending", "in_progress", "done"]), "How far it is."),
                ])),
            "The whole list, at most 50 items.")
    ]

    func run(_ arguments: ToolArguments, in context: ToolContext) async throws -> ToolResult {
        let items = arguments.value["items"]?.arrayValue ?? []
        guard items.count <= 50 else { throw ToolError("At most 50 items. Join small ones.") }
        let lines = items.map { item in
            "[\(mark(item["status"]?.stringValue))] \(OutputLimiter.line(item["text"]?.stringValue ?? "", 300))"
        }
        let done = items.count { $0["status"]?.stringValue == "done" }
        let list = lines.isEmpty ? "The list is empty." : lines.joined(separator: "\n")
        return ToolResult(list, summary: "\(done) of \(items.count) todos done", todos: list)
    }

    private func mark(_ status: String?) -> String {
        switch status {
        case "done": "x"
        case "in_progress": ">"
        default: " "
        }
    }
}
