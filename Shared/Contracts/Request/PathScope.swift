import Foundations

/// The paths that a task may change: `agent.scope_paths`.
package struct PathScope: Sendable, Hashable, CustomStringConvertible {
    private struct Entry: Sendable, Hashable {
        let prefix: String
        /// `nil` for a pattern beyond the bounds: it is a prefix alone.
        let glob: Glob?

        init(_ pattern: String) {
            let pattern = pattern.hasPrefix("./") ? String(pattern.dropFirst(2)) : pattern
            prefix = pattern.hasSuffix("/") ? String(pattern.dropLast()) : pattern
            glob = Glob(pattern)
        }

        func allows(_ path: String) -> Bool {
            prefix == "." || path == prefix || path.hasPrefix(prefix + "/") || glob?.matches(path) ?? false
        }
    }

    private let entries: [Entry]?
    package let description: String

    /// No restriction.
    package static let everything = PathScope(nil)

    /// Prefixes of folders or files (`src/net`), or globs (`docs/**/*.md`); `nil` allows everything, an empty list
    /// nothing.
    package init(_ patterns: [String]?) {
        entries = patterns?.map(Entry.init)
        description = patterns.map { $0.joined(separator: ", ") } ?? "everything"
    }

    /// Whether the path, relative to the work tree and without `.`, `..` and links, may be changed.
    package func allows(_ path: String) -> Bool { entries?.contains { $0.allows(path) } ?? true }
}
