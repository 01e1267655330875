import LanguageModels

/// The tools of one conversation.
package struct ToolCatalogue: Sendable {
    /// One row a tool: who has it, and whether `allowed_tools` can take it away.
    private struct Row {
        let tool: any Tool
        let audience: Set<Audience>
    }

    /// Who works with tools.
    package enum Audience: Sendable {
        /// May change files and run commands.
        case coder
        /// Only reads.
        case planner

        /// The tool that ends the conversation.
        package var finalTool: String { self == .coder ? "finish" : "submit_plan" }
    }

    private static let rows = [
        Row(tool: RunShellCommandTool(), audience: [.coder]),
        Row(tool: ReadFileTool(), audience: [.coder, .planner]),
        Row(tool: WriteFileTool(), audience: [.coder]),
        Row(tool: EditFileTool(), audience: [.coder]),
        Row(tool: ListDirectoryTool(), audience: [.coder, .planner]),
        Row(tool: SearchFilesTool(), audience: [.coder, .planner]),
        Row(tool: FindFilesTool(), audience: [.coder, .planner]),
        Row(tool: UpdateTodosTool(), audience: [.coder]),
        Row(tool: RecordDiscoveryTool(), audience: [.coder]),
        Row(tool: FinishTool(), audience: [.coder]),
        Row(tool: SubmitPlanTool(), audience: [.planner]),
    ]

    package let tools: [any Tool]
    /// The tool whose accepted call ends the conversation.
    package let finalTool: String

    /// The tools of `audience`. With `allowed`, only those of that list; the final tool always stays.
    package init(_ audience: Audience, allowed: [String]? = nil) {
        let final = audience.finalTool
        let tools = Self.rows.filter { $0.audience.contains(audience) }.map(\.tool)
        self.init(
            tools: tools.filter { tool in allowed.map { $0.contains(tool.name) || tool.name == final } ?? true },
            finalTool: final)
    }

    /// Exactly these tools.
    package init(tools: [any Tool], finalTool: String) {
        self.tools = tools
        self.finalTool = finalTool
    }

    /// The names that `allowed_tools` may hold.
    package static var names: [String] { rows.map(\.tool.name) }

    package var definitions: [ToolDefinition] { tools.map(\.definition) }

    /// The tool of that name, or an error that lists the names there are. A name is taken for what it means:
    /// `functions.read_file:0` and `readFile` are `read_file`, and what a model's tags leave behind a name is no part
    /// of it.
    func tool(_ name: String) throws -> any Tool {
        if let tool = tools.first(where: { $0.name == name }) { return tool }
        let words = name.prefix { $0 != "<" }.split(separator: ".").last?.prefix { $0 != ":" } ?? ""
        let plain = ParameterNames.plain(String(words))
        let meant = tools.filter { ParameterNames.plain($0.name) == plain }
        guard meant.count == 1 else {
            let names = tools.map(\.name).joined(separator: ", ")
            throw ToolError("There is no tool \(OutputLimiter.line(name, 64)). The tools are: \(names).")
        }
        return meant[0]
    }
}
