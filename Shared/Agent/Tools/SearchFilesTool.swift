import Sandbox

/// `search_files`: lines by pattern, through grep in the sandbox.
struct SearchFilesTool: Tool {
    let name = "search_files"
    let description = """
        Searches the text files of the work tree for an extended regular expression (as grep -E). Gives \
        `path:line:text`, at most 200 matches. Binary files and .git are left out.
        """
    let parameters = [
        ToolParameter("pattern", .text, "Extended regular expression."),
        ToolParameter("dir_path", .text, "Folder or file to search. Default: the whole work tree.", required: false),
        ToolParameter("glob", .text, "Only files like this: *.py or src/**/*.ts.", required: false),
    ]
    private let limit = 200
    /// In bytes; grep takes time and memory that grow with it.
    private static let longestPattern = 4096

    func run(_ arguments: ToolArguments, in context: ToolContext) async throws -> ToolResult {
        let pattern = arguments.text("pattern")
        guard !pattern.isEmpty, !pattern.utf8.contains(0) else {
            throw ToolError("pattern is empty or holds NUL bytes: give something to look for.")
        }
        guard pattern.utf8.count <= Self.longestPattern else {
            throw ToolError("pattern is longer than \(Self.longestPattern) bytes. Look for a part of it.")
        }
        let search = try arguments.optionalText("glob").map(GlobSearch.init)
        let asked = arguments.optionalText("dir_path") ?? "."
        let place = try await context.blocking { try $0.locate(asked) }
        let command = [
            "grep", "-rnIEZ", "--exclude-dir=.git", "-e", pattern, "--", place.isEmpty ? "." : "./\(place)",
        ]
        var limits = context.limits
        limits.keptOutputBytes = 1 << 20
        let outcome = try await context.runner.run(
            SandboxCommand(command, workTree: context.files.root, timeout: .seconds(60), limits: limits))
        guard outcome.interruption != .timeout else {
            throw ToolError("The search took too long. Use a simpler pattern, or search a part of the tree.")
        }
        guard outcome.exitCode < 2 || outcome.interruption == .outputLimit else {
            throw ToolError("The search failed: \(OutputLimiter.line(outcome.output)). Check the pattern and the path.")
        }
        return try await context.blocking { _ in try report(outcome.output, pattern, search) }
    }

    private func report(_ output: String, _ pattern: String, _ search: GlobSearch?) throws -> ToolResult {
        var search = search
        let found = try output.split(separator: "\n").compactMap { line -> String? in
            let parts = line.split(separator: "\0", maxSplits: 1)
            guard let first = parts.first, parts.count == 2 else { return nil }
            let path = first.hasPrefix("./") ? first.dropFirst(2) : first
            guard try search?.matches(String(path)) ?? true else { return nil }
            return OutputLimiter.shorten("\(path):\(parts[1])", to: 300)
        }
        guard !found.isEmpty else { return ToolResult("Nothing matches.", summary: "nothing matches \(pattern)") }
        var lines = Array(found.prefix(limit))
        if found.count > limit { lines.append("[\(found.count - limit) more matches. Narrow the pattern.]") }
        return ToolResult(lines.joined(separator: "\n"), summary: "\(found.count) lines match \(pattern)")
    }
}
