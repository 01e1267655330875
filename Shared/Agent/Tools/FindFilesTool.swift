/// `find_files`: files by name.
struct FindFilesTool: Tool {
    let name = "find_files"
    let description = """
        Finds files of the work tree by name: `*.swift` anywhere, `src/**/*.ts` below a folder, `{a,b}.json`. \
        Returns at most 300 paths.
        """
    let parameters = [ToolParameter("glob", .text, "The pattern: *, **, ?, [a-z], {a,b}.")]
    private let limit = 300

    func run(_ arguments: ToolArguments, in context: ToolContext) async throws -> ToolResult {
        let pattern = arguments.text("glob")
        guard !pattern.isEmpty else { throw ToolError("glob is empty. To see a folder use list_directory.") }
        let found = try await context.blocking { files in
            let glob = Glob(pattern.hasPrefix("./") ? String(pattern.dropFirst(2)) : pattern)
            return try files.walk(".").filter(glob.matches)
        }
        guard !found.isEmpty else { return ToolResult("No file matches \(pattern).", summary: "no file is \(pattern)") }
        var lines = Array(found.prefix(limit))
        if found.count > limit { lines.append("[\(found.count - limit) more. Narrow the pattern.]") }
        return ToolResult(lines.joined(separator: "\n"), summary: "\(found.count) files are \(pattern)")
    }
}
