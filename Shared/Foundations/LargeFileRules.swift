/// Which files are kept in Git LFS: what the `.gitattributes` files from the root down to one directory say of the
/// attribute `filter`. The last line that matches decides, and the nearest file before those above.
package final class LargeFileRules: Sendable {
    private struct Rule: Sendable {
        let glob: IgnoreGlob
        let isAnchored: Bool
        let tracks: Bool
    }

    private let parent: LargeFileRules?
    private let rules: [Rule]
    /// Names of attributes that stand for others, and whether `filter=lfs` is among these.
    private let macros: [String: Bool]
    /// How many bytes of a path name the directory of this file, its slash included.
    private let prefix: Int

    /// `text` is the content of a `.gitattributes`, on top of those of the directories above.
    package init(_ text: some Sequence<UInt8>, parent: LargeFileRules?, prefix: Int) {
        self.parent = parent
        self.prefix = prefix
        var macros = parent?.macros ?? [:]
        rules = text.withoutMark.split(whereSeparator: { $0 == 10 || $0 == 13 })
            .compactMap { Self.rule($0, &macros, isTop: prefix == 0) }
        self.macros = macros
    }

    /// Whether the content of the file `path`, given from the root, is kept in Git LFS.
    package func tracks(_ path: some Collection<UInt8>) -> Bool {
        let path = Array(path)
        let name = path[((path.lastIndex(of: UInt8(ascii: "/")) ?? -1) + 1)...]
        var level: LargeFileRules? = self
        while let current = level {
            let relative = path[min(current.prefix, path.count)...]
            let decisive = current.rules.last { $0.glob.matches($0.isAnchored ? relative : name) }
            if let decisive { return decisive.tracks }
            level = current.parent
        }
        return false
    }

    /// Longer patterns are passed over: no path is as long.
    private static let longestPattern = 4096

    /// The rule of a line; `nil` if it says nothing of `filter`. Macros are made at the top alone.
    private static func rule(_ line: ArraySlice<UInt8>, _ macros: inout [String: Bool], isTop: Bool) -> Rule? {
        let (first, rest) = parts(of: line.drop(while: isBlank))
        guard let start = first.first, start != UInt8(ascii: "#"), start != UInt8(ascii: "!"),
            first.count <= longestPattern
        else { return nil }
        var tracks: Bool?
        for word in rest.split(whereSeparator: isBlank) {
            tracks = says(String(decoding: word, as: UTF8.self), macros) ?? tracks
        }
        let macro = "[attr]".utf8
        if first.starts(with: macro) {
            if isTop { macros[String(decoding: first.dropFirst(macro.count), as: UTF8.self)] = tracks }
            return nil
        }
        guard let tracks else { return nil }
        var pattern = first
        let isAnchored = pattern.contains(UInt8(ascii: "/"))
        if pattern.first == UInt8(ascii: "/") { pattern = pattern.dropFirst() }
        return Rule(glob: IgnoreGlob(pattern), isAnchored: isAnchored, tracks: tracks)
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 }

    /// The pattern that a line begins with, and what is behind it. In quotes it may hold blanks.
    private static func parts(of line: ArraySlice<UInt8>) -> (pattern: ArraySlice<UInt8>, rest: ArraySlice<UInt8>) {
        let quote = UInt8(ascii: "\"")
        if line.first == quote, let end = line.dropFirst().firstIndex(of: quote) {
            return (line[line.startIndex..<end].dropFirst(), line[(end + 1)...])
        }
        let end = line.firstIndex(where: isBlank) ?? line.endIndex
        return (line[..<end], line[end...])
    }

    /// What an attribute says of whether a file is kept in Git LFS; `nil` if nothing.
    private static func says(_ attribute: String, _ macros: [String: Bool]) -> Bool? {
        switch attribute {
        case "filter=lfs": return true
        case "filter", "-filter", "!filter": return false
        default: return attribute.hasPrefix("filter=") ? false : macros[attribute]
        }
    }
}

/// What stands in a repository for a file that is kept in Git LFS.
package enum LargeFilePointer {
    /// The most bytes of one.
    package static let maximumBytes = 1024

    package static func isPointer(_ bytes: some Collection<UInt8>) -> Bool {
        bytes.count <= maximumBytes && bytes.starts(with: "version https://git-lfs.github.com/spec/".utf8)
    }
}
