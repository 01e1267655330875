/// `edit_file`: replaces an exact text.
struct EditFileTool: Tool {
    let name = "edit_file"
    let description = """
        Replaces old_text by new_text in a file. old_text must be in the file exactly once, white space included, \
        without line numbers: give enough lines around the change to make it unique. With replace_all every occurrence \
        is replaced. Everything else in the file stays as it is, byte by byte: the encoding and the line ends too, so \
        write \\n in a file with CRLF as in any other.
        """
    let parameters = [
        ToolParameter("file_path", .text, "Path relative to the work tree."),
        ToolParameter("old_text", .text, "The text to replace, exactly as it is in the file."),
        ToolParameter("new_text", .text, "What to put there; may be empty."),
        ToolParameter("replace_all", .flag, "Replace every occurrence. Default false.", required: false),
    ]
    let changesFiles = true

    func run(_ arguments: ToolArguments, in context: ToolContext) async throws -> ToolResult {
        let path = arguments.text("file_path")
        let replacement = TextReplacement(
            old: arguments.text("old_text"), new: arguments.text("new_text"), all: arguments.flag("replace_all"))
        return try await context.blocking { files in
            let content = try files.read(path, limit: WorkspaceFiles.writeLimit + 1)
            try context.requireOwn(content.path)
            guard content.bytes.count <= WorkspaceFiles.writeLimit else {
                throw ToolError("\(content.path) is larger than 5 MB. Change it with a command.")
            }
            let edited = try replacement.apply(to: content.bytes, of: content.path)
            try files.write(content.path, edited.bytes) { try context.requireOwn($0) }
            let times = edited.count == 1 ? "" : " in \(edited.count) places"
            return ToolResult(
                "Edited \(content.path)\(times), at line \(edited.line).\(edited.note)",
                summary: "edited \(content.path)\(times)", written: content.path)
        }
    }
}
