/// A patch as `git diff` writes it, read into files, hunks and lines.
struct Patch: Sendable, Hashable {
    struct Line: Sendable, Hashable {
        enum Kind: String, Sendable { case same, added = "add", removed = "del", note }

        let kind: Kind
        /// The numbers of the line before and after the change.
        let old: Int?
        let new: Int?
        let text: Substring
    }

    struct Hunk: Sendable, Hashable {
        let header: Substring
        var lines: [Line] = []
    }

    struct File: Sendable, Hashable {
        var path: String
        var oldPath: String
        /// What the patch says besides lines, for example `new file`, `binary`.
        var notes: [String] = []
        var hunks: [Hunk] = []
        var insertions = 0
        var deletions = 0
    }

    private(set) var files: [File] = []

    init(_ text: String) {
        var reader = Reader()
        for line in CodeText.lines(of: text) { reader.read(line) }
        files = reader.files
    }

    /// Follows the lines of a patch.
    private struct Reader {
        var files: [File] = []
        private var old = 0
        private var new = 0
        /// How many lines the hunk still has, so that one that looks like a header is told apart.
        private var oldLeft = 0
        private var newLeft = 0

        private func isInHunk(_ line: Substring) -> Bool {
            switch line.utf8.first {
            case UInt8(ascii: "\\"): true
            case nil, UInt8(ascii: " "), UInt8(ascii: "+"), UInt8(ascii: "-"): oldLeft > 0 || newLeft > 0
            default: false
            }
        }

        mutating func read(_ line: Substring) {
            if isInHunk(line), let last = files.indices.last, !files[last].hunks.isEmpty {
                readChange(line, file: last)
            } else if line.hasPrefix("diff --git ") {
                files.append(File(path: Self.path(ofHeader: line), oldPath: ""))
            } else if let last = files.indices.last {
                readHeader(line, file: last)
            }
        }

        private mutating func readHeader(_ line: Substring, file: Int) {
            if line.hasPrefix("@@ "), let range = HunkRange(line) {
                (old, oldLeft, new, newLeft) = (range.old, range.oldCount, range.new, range.newCount)
                files[file].hunks.append(Hunk(header: line))
            } else if line.hasPrefix("--- ") {
                files[file].oldPath = Self.path(line.dropFirst(4), side: "a/")
            } else if line.hasPrefix("+++ ") {
                let path = Self.path(line.dropFirst(4), side: "b/")
                if path != "/dev/null" { files[file].path = path }
            } else if let note = Self.note(line) {
                files[file].notes.append(note)
            }
        }

        private mutating func readChange(_ line: Substring, file: Int) {
            let text = Substring(line.utf8.dropFirst())
            switch line.utf8.first {
            case UInt8(ascii: "+"):
                append(.added, file, old: nil, new: new, text)
                files[file].insertions += 1
                (new, newLeft) = (new + 1, newLeft - 1)
            case UInt8(ascii: "-"):
                append(.removed, file, old: old, new: nil, text)
                files[file].deletions += 1
                (old, oldLeft) = (old + 1, oldLeft - 1)
            case UInt8(ascii: "\\"): append(.note, file, old: nil, new: nil, text.drop { $0 == " " })
            default:
                append(.same, file, old: old, new: new, text)
                (old, oldLeft, new, newLeft) = (old + 1, oldLeft - 1, new + 1, newLeft - 1)
            }
        }

        private mutating func append(_ kind: Line.Kind, _ file: Int, old: Int?, new: Int?, _ text: Substring) {
            let last = files[file].hunks.count - 1
            files[file].hunks[last].lines.append(Line(kind: kind, old: old, new: new, text: text))
        }

        private static func note(_ line: Substring) -> String? {
            if line.hasPrefix("new file") { return "new file" }
            if line.hasPrefix("deleted file") { return "deleted" }
            if line.hasPrefix("rename from ") { return "renamed from \(line.dropFirst(12))" }
            if line.hasPrefix("new mode ") { return "mode \(line.dropFirst(9))" }
            return line.hasPrefix("Binary files") || line.hasPrefix("GIT binary patch") ? "binary" : nil
        }

        /// `diff --git a/x b/x`: both halves are the same where there is no other line to tell.
        private static func path(ofHeader line: Substring) -> String {
            let names = line.dropFirst("diff --git ".count)
            if let half = names.ranges(of: " b/").last { return String(names[half.upperBound...]) }
            return String(names)
        }

        private static func path(_ text: Substring, side: String) -> String {
            let name = text.prefix { $0 != "\t" }
            return String(name.hasPrefix(side) ? name.dropFirst(2) : name)
        }
    }
}

/// `@@ -1,7 +1,9 @@`
private struct HunkRange {
    let old: Int
    let oldCount: Int
    let new: Int
    let newCount: Int

    init?(_ header: Substring) {
        let parts = header.split(separator: " ", maxSplits: 3)
        guard parts.count >= 3, let old = Self.range(parts[1], sign: "-"), let new = Self.range(parts[2], sign: "+")
        else { return nil }
        (self.old, oldCount) = old
        (self.new, newCount) = new
    }

    private static func range(_ text: Substring, sign: Character) -> (start: Int, count: Int)? {
        guard text.first == sign else { return nil }
        let numbers = text.dropFirst().split(separator: ",").map { Int($0) }
        guard let start = numbers.first ?? nil, start >= 0, start < Int.max / 2 else { return nil }
        guard numbers.count > 1 else { return (start, 1) }
        return numbers[1].flatMap { $0 >= 0 && $0 < Int.max / 2 ? (start, $0) : nil }
    }
}
