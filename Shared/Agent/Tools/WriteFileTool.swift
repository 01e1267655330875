import FoundationEssentials

/// `write_file`: a whole file.
struct WriteFileTool: Tool {
    let name = "write_file"
    let description = """
        Writes a whole file, replacing what was there; folders are made as needed. For a change to an existing file \
        use edit_file. At most 5 MB.
        """
    let parameters = [
        ToolParameter("file_path", .text, "Path relative to the work tree."),
        ToolParameter("content", .text, "The whole content of the file."),
    ]
    let changesFiles = true

    func run(_ arguments: ToolArguments, in context: ToolContext) async throws -> ToolResult {
        let path = arguments.text("file_path")
        let bytes = Data(arguments.text("content").utf8)
        let written = try await context.blocking { files in
            try files.write(path, bytes) { try context.requireScope($0) }
        }
        let verb = written.isNew ? "Created" : "Replaced"
        return ToolResult(
            "\(verb) \(written.path), \(bytes.count) bytes.", summary: "\(verb) \(written.path)",
            written: written.path)
    }
}
