import Foundations

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
        let search = try GlobSearch(pattern.hasPrefix("./") ? String(pattern.dropFirst(2)) : pattern)
        let found = try await context.blocking { files in
            var search = search
            return try files.walk(".").filter { try search.matches($0) }
        }
        guard !found.isEmpty else { return ToolResult("No file matches \(pattern).", summary: "no file is \(pattern)") }
        var lines = Array(found.prefix(limit))
        if found.count > limit { lines.append("[\(found.count - limit) more. Narrow the pattern.]") }
        return ToolResult(lines.joined(separator: "\n"), summary: "\(found.count) files are \(pattern)")
    }
}

/// A model's glob over many paths, within limits that the model is told of.
struct GlobSearch: Sendable {
    /// The longest that all paths together may take: no useful pattern comes near it.
    private static let limit: Duration = .seconds(10)

    private let glob: Glob
    /// Counts from the first path on.
    private var end: ContinuousClock.Instant?

    init(_ pattern: String) throws(ToolError) {
        // A name matches however Unicode spells it.
        guard let glob = Glob(pattern.canonicallyComposed) else {
            throw ToolError("glob is longer than \(Glob.maximumBytes) bytes. Use a shorter one.")
        }
        self.glob = glob
    }

    mutating func matches(_ path: String) throws(ToolError) -> Bool {
        let now = ContinuousClock.now
        let end = end ?? now + Self.limit
        self.end = end
        guard now < end else { throw ToolError("The pattern takes too long. Use a simpler one.") }
        return glob.matches(path.canonicallyComposed)
    }
}
