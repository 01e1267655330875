import Foundations

/// What the `.gitignore` files from the root down to one directory say. The last pattern that matches decides.
final class IgnoreRules: Sendable {
    private struct Rule: Sendable {
        let glob: IgnoreGlob
        let isNegated: Bool
        let directoriesOnly: Bool
        /// Whether the pattern is matched against the path from its `.gitignore`, else against the name alone.
        let isAnchored: Bool
    }

    /// What becomes of a path.
    enum Verdict {
        case wanted
        /// The repository says so.
        case ignored
        /// See ``builtIn``.
        case byproduct
        /// A tool left it, or a command means it: whoever asked for the work is told, see ``leftovers``.
        case leftover
    }

    private let parent: IgnoreRules?
    private let rules: [Rule]
    /// What a pattern says that is not negated.
    private let verdict: Verdict
    /// How many bytes of a path name the directory of this file, its slash included.
    private let prefix: Int

    /// Left by tools wherever they run, and never meant to be committed. A repository can take each back with `!`.
    static let builtIn = IgnoreRules(
        ToolPatterns.ignored.utf8, parent: leftovers, prefix: 0, verdict: .byproduct)

    /// Mostly left by tools, and now and then meant. A repository that has such files already means them.
    static let leftovers = IgnoreRules(ToolPatterns.leftovers.utf8, parent: nil, prefix: 0, verdict: .leftover)

    /// The rules of `text`, the contents of a `.gitignore`, on top of those of the directory above.
    init(_ text: some Sequence<UInt8>, parent: IgnoreRules?, prefix: Int, verdict: Verdict = .ignored) {
        self.parent = parent
        self.verdict = verdict
        self.prefix = prefix
        rules = text.withoutMark.split(separator: UInt8(ascii: "\n")).compactMap { Self.rule(Array($0)) }
    }

    /// What becomes of the file or directory `path`, given from the root. What lies above it is not looked at.
    func verdict(on path: [UInt8], isDirectory: Bool) -> Verdict {
        let name = path[((path.lastIndex(of: UInt8(ascii: "/")) ?? -1) + 1)...]
        var level: IgnoreRules? = self
        while let current = level {
            let relative = path[current.prefix...]
            let decisive = current.rules.last { rule in
                (isDirectory || !rule.directoriesOnly) && rule.glob.matches(rule.isAnchored ? relative : name)
            }
            if let decisive { return decisive.isNegated ? .wanted : current.verdict }
            level = current.parent
        }
        return .wanted
    }

    /// Longer patterns are passed over: no path is as long.
    private static let longestPattern = 4096

    private static func rule(_ line: [UInt8]) -> Rule? {
        guard line.count <= longestPattern else { return nil }
        var pattern = line[...]
        if pattern.last == UInt8(ascii: "\r") { pattern.removeLast() }
        while pattern.last == UInt8(ascii: " "), pattern.dropLast().last != UInt8(ascii: "\\") { pattern.removeLast() }
        guard let first = pattern.first, first != UInt8(ascii: "#") else { return nil }
        let isNegated = first == UInt8(ascii: "!")
        if isNegated { pattern.removeFirst() }
        let directoriesOnly = pattern.last == UInt8(ascii: "/")
        if directoriesOnly { pattern.removeLast() }
        let isAnchored = pattern.contains(UInt8(ascii: "/"))
        if pattern.first == UInt8(ascii: "/") { pattern.removeFirst() }
        guard !pattern.isEmpty else { return nil }
        return Rule(
            glob: IgnoreGlob(pattern), isNegated: isNegated, directoriesOnly: directoriesOnly, isAnchored: isAnchored)
    }
}
