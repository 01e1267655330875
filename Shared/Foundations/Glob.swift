/// A pattern of paths as people and models write it: `*` and `?` within a name, `**` over folders, `[a-z]`, `{a,b}`.
///
/// It matches what any of its alternatives matches; one without `/` is compared with the last name of a path, wherever
/// that lies. Alternatives are never written out: no nesting of braces costs more than its length.
package struct Glob: Sendable, Hashable {
    /// The longest pattern, in bytes.
    package static let maximumBytes = 1000
    /// The longest path that matches anything, in bytes: as the system's.
    private static let maximumPathBytes = 4096

    private let pattern: PathPattern

    /// `nil` if the pattern is longer than ``maximumBytes``.
    package init?(_ pattern: String) {
        guard pattern.utf8.count <= Self.maximumBytes else { return nil }
        self.pattern = GlobParts(pattern.unicodeScalars.map(\.value).drop { $0 == PathPattern.slash }).pattern
    }

    /// Whether `path`, relative and with `/` between its names, matches.
    package func matches(_ path: String) -> Bool {
        guard path.utf8.count <= Self.maximumPathBytes else { return false }
        // Each name of a pattern takes the slash before it, the first one too.
        return pattern.matches("/\(path)".unicodeScalars.lazy.map(\.value))
    }
}
