import Contracts
import Foundations

/// `record_discovery`: something worth telling to other tasks.
struct RecordDiscoveryTool: Tool {
    let name = "record_discovery"
    let description = """
        Records something about this repository that other tasks would want to know (a hidden constraint, a flaky \
        test, a bug elsewhere). At most 2,000 characters. It is not a place for your notes.
        """
    let parameters = [
        ToolParameter("content", .text, "What you found out, in one or two sentences."),
        ToolParameter("tags", .list(.text), "A few words to find it by.", required: false),
    ]

    func run(_ arguments: ToolArguments, in context: ToolContext) async throws -> ToolResult {
        let content = String(arguments.text("content").prefix(bytes: 2000))
        guard !content.isEmpty else { throw ToolError("content is empty.") }
        let tags = arguments.texts("tags").prefix(10).map { String($0.prefix(bytes: 50)) }
        return ToolResult(
            "Recorded.", summary: "discovery: \(OutputLimiter.line(content, 150))",
            discovery: DiscoveryRecorded(content: content, tags: tags))
    }
}
