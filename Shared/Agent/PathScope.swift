/// The paths that a task may change: `agent.scope_paths`.
package struct PathScope: Sendable, Hashable, CustomStringConvertible {
    private let patterns: [String]?

    /// No restriction.
    package static let everything = PathScope(nil)

    /// Prefixes of folders or files (`src/net`), or globs (`docs/**/*.md`); `nil` allows everything, an empty list
    /// nothing.
    package init(_ patterns: [String]?) {
        self.patterns = patterns?.map { $0.hasPrefix("./") ? String($0.dropFirst(2)) : $0 }
    }

    /// Whether the path, relative to the work tree and without `.`, `..` and links, may be changed.
    package func allows(_ path: String) -> Bool {
        guard let patterns else { return true }
        return patterns.contains { pattern in
            let prefix = pattern.hasSuffix("/") ? String(pattern.dropLast()) : pattern
            return prefix == "." || path == prefix || path.hasPrefix(prefix + "/") || Glob(pattern).matches(path)
        }
    }

    package var description: String { patterns.map { $0.joined(separator: ", ") } ?? "everything" }
}
