/// `list_directory`: one folder.
struct ListDirectoryTool: Tool {
    let name = "list_directory"
    let description = "Lists a folder of the work tree, at most 500 entries. Folders end in /, links in @."
    let parameters = [
        ToolParameter("dir_path", .text, "Path relative to the work tree. Default: its root.", required: false)
    ]
    private let limit = 500

    func run(_ arguments: ToolArguments, in context: ToolContext) async throws -> ToolResult {
        let path = arguments.optionalText("dir_path") ?? "."
        let entries = try await context.blocking { try $0.list(path) }
        var lines = entries.prefix(limit).map(line)
        if entries.isEmpty { lines = ["[The folder is empty.]"] }
        if entries.count > limit { lines.append("[\(entries.count - limit) more entries. Use find_files.]") }
        return ToolResult(lines.joined(separator: "\n"), summary: "listed \(path): \(entries.count) entries")
    }

    private func line(_ entry: WorkspaceFiles.Entry) -> String {
        switch entry.kind {
        case .folder: "\(entry.name)/"
        case .link: "\(entry.name)@"
        case .special: "\(entry.name) (special file)"
        case .file: "\(entry.name) (\(entry.size) bytes)"
        }
    }
}
