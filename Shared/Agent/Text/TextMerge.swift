/// Spells a new text in the form of the old one that it takes the place of: lines that both have are copied byte by
/// byte, whatever ends them; the others are spelt as the file is.
struct TextMerge {
    private let file: TextFile
    private let firstLine: Int
    /// The old lines: the bytes of each with its end.
    private var lines: [Range<Int>] = []
    /// By what a line says: where it is among ``lines``, from the first on.
    private var known: [String: [Int]] = [:]
    private let isCanonical: Bool
    /// Whether nothing is replaced, and the new text comes between two lines.
    private let isInsertion: Bool

    /// `place` is what is replaced in `file`. `isCanonical` takes lines for the same that Unicode holds to be so.
    init(_ file: TextFile, _ place: Range<Int>, isCanonical: Bool = false) {
        self.file = file
        self.isCanonical = isCanonical
        var start = place.lowerBound
        firstLine = file.line(at: start)
        isInsertion = place.isEmpty && start == file.range(of: firstLine).lowerBound
        var line = firstLine
        while start < place.upperBound {
            let end = min(file.range(of: line).upperBound, place.upperBound)
            known[file.text(in: start..<contentEnd(line, end)), default: []].append(lines.count)
            lines.append(start..<end)
            (start, line) = (end, line + 1)
        }
    }

    /// Where the content of a line ends that is looked at up to `end`.
    private func contentEnd(_ line: Int, _ end: Int) -> Int {
        end == file.range(of: line).upperBound ? file.content(of: line).upperBound : end
    }

    /// The bytes for `text`, whose lines end in LF. Throws ``ToolError`` for a character that the file cannot hold.
    func bytes(for text: String, in path: String) throws -> [UInt8] {
        var (bytes, ending, cursor) = ([UInt8](), self.ending, Cursor())
        let parts = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            let (part, isLast) = (String(part), index == parts.count - 1)
            if isLast, part.isEmpty { break }
            if let old = cursor.next(of: part, in: known[part] ?? []), isSame(part, old) {
                let line = firstLine + old
                bytes += file.bytes[lines[old].lowerBound..<contentEnd(line, lines[old].upperBound)]
                ending = lineEnding(old, line) ?? ending
            } else {
                bytes += try Self.encode(part, file.form.encoding, path)
            }
            if !isLast { bytes += try Self.encode(ending.text, file.form.encoding, path) }
        }
        return bytes
    }

    /// Goes through the old lines, never back: so that all of a text takes time linear in it.
    private struct Cursor {
        private var line = 0
        private var used: [String: Int] = [:]

        /// The next old line that says `text`; `places` are all of them.
        mutating func next(of text: String, in places: [Int]) -> Int? {
            var index = used[text] ?? 0
            while index < places.count, places[index] < line { index += 1 }
            used[text] = index
            guard index < places.count else { return nil }
            line = places[index] + 1
            return places[index]
        }
    }

    /// Unicode's equality, which finds a line, may not be enough to take it for the new one.
    private func isSame(_ part: String, _ old: Int) -> Bool {
        guard !isCanonical else { return true }
        let content = lines[old].lowerBound..<contentEnd(firstLine + old, lines[old].upperBound)
        return file.text(in: content).unicodeScalars.elementsEqual(part.unicodeScalars)
    }

    private func lineEnding(_ old: Int, _ line: Int) -> LineEnding? {
        lines[old].upperBound == file.range(of: line).upperBound ? file.ending(of: line) : nil
    }

    /// What ends a line that is new: in a mixed file as the line at its place, or the one that it follows, else as all.
    private var ending: LineEnding {
        guard file.form.isMixed else { return file.form.ending }
        let above = firstLine > 0 ? file.ending(of: firstLine - 1) : nil
        return (isInsertion ? above : nil) ?? file.ending(of: firstLine) ?? above ?? file.form.ending
    }

    static func encode(_ text: String, _ encoding: TextEncoding, _ path: String) throws -> [UInt8] {
        switch encoding.encode(text) {
        case .success(let bytes): return bytes
        case .failure(let missing):
            throw ToolError(
                """
                \(path) is a \(encoding.rawValue) file, which has no character \
                \(String(missing.scalar).debugDescription). Write it otherwise, or write the whole file with write_file: \
                then it becomes UTF-8.
                """)
        }
    }
}
