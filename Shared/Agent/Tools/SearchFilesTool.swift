import Sandbox

/// `search_files`: lines by pattern, through ripgrep in the sandbox.
struct SearchFilesTool: Tool {
    let name = "search_files"
    let description = """
        Searches the text files of the work tree, hidden and ignored ones too, for a regular expression as ripgrep \
        takes it: \\d \\w \\s \\b, (?i), (?:…), and look-around. Gives `path:line:text`, at most 200 matches. Binary \
        files and .git are left out.
        """
    let parameters = [
        ToolParameter("pattern", .text, "Regular expression. Escape ( [ { . * + ? | to look for them."),
        ToolParameter("dir_path", .text, "Folder or file to search. Default: the whole work tree.", required: false),
        ToolParameter("glob", .text, "Only files like this: *.py or src/**/*.ts.", required: false),
    ]
    private let limit = 200
    /// In bytes; a search takes time and memory that grow with it.
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
        let place = try await context.blocking { try $0.locateExisting(asked) }
        var limits = context.limits
        limits.keptOutputBytes = 1 << 20
        let outcome = try await context.runner.run(
            SandboxCommand(
                Ripgrep.command(pattern, in: place.isEmpty ? "." : "./\(place)"), workTree: context.files.root,
                timeout: .seconds(60), limits: limits))
        guard outcome.interruption != .timeout else {
            throw ToolError("The search took too long. Use a simpler pattern, or search a part of the tree.")
        }
        let found = Ripgrep(outcome)
        if let failure = found.failure { throw ToolError(failure) }
        return try await context.blocking { _ in try report(found, pattern, search) }
    }

    private func report(_ found: Ripgrep, _ pattern: String, _ search: GlobSearch?) throws -> ToolResult {
        var search = search
        let matches = try found.matches.filter { try search?.matches($0.path) ?? true }
        var notes = found.trouble.map { "[Not searched: \($0)]" }
        if found.isCut { notes.append("[There was too much to keep all of it. Narrow the pattern or dir_path.]") }
        guard !matches.isEmpty else {
            if let hint = Self.hint(pattern) { notes.append(hint) }
            return ToolResult(
                (["Nothing matches."] + notes).joined(separator: "\n"), summary: "nothing matches \(pattern)")
        }
        var lines = matches.prefix(limit).map(\.text)
        if matches.count > limit { lines.append("[\(matches.count - limit) more matches. Narrow the pattern.]") }
        return ToolResult((lines + notes).joined(separator: "\n"), summary: "\(matches.count) lines match \(pattern)")
    }

    /// What may be wrong with a pattern that finds nothing: the signs of grep, which are plain characters here.
    private static func hint(_ pattern: String) -> String? {
        guard [#"\|"#, #"\<"#, #"\>"#].contains(where: { pattern.contains($0) }) else { return nil }
        return #"[Here \| \< \> are plain characters: alternatives are written a|b, the ends of a word \b.]"#
    }
}
