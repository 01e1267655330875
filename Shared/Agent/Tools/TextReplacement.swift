import FoundationEssentials

/// An exact replacement in the bytes of a file.
struct TextReplacement: Sendable {
    let old: String
    let new: String
    let all: Bool

    struct Edited {
        let bytes: Data
        let count: Int
        /// The line of the first change, from 1.
        let line: Int
        /// What else the model should know.
        let note: String
    }

    /// The bytes after the replacement. Throws ``ToolError`` if it is not exact or not unique.
    func apply(to bytes: Data, of path: String) throws -> Edited {
        guard !old.isEmpty else { throw ToolError("old_text is empty. To write a whole file use write_file.") }
        guard old != new else { throw ToolError("old_text and new_text are the same: nothing to do.") }
        let source = Data(bytes)
        if let edited = try splice(source, Data(old.utf8), Data(new.utf8), path, note: "") { return edited }
        // Models write \n; a file with \r\n keeps its own line ends.
        if !old.utf8.contains(13), source.firstRange(of: Data("\r\n".utf8)) != nil,
            let edited = try splice(
                source, Self.windows(old), Self.windows(new), path, note: " The file's CRLF line ends were kept.")
        {
            return edited
        }
        throw ToolError(notFound(in: String(decoding: source, as: UTF8.self), path))
    }

    private func splice(_ source: Data, _ old: Data, _ new: Data, _ path: String, note: String) throws -> Edited? {
        let places = ByteSearch(old).places(in: source)
        guard let first = places.first else { return nil }
        guard all || places.count == 1 else {
            let lines = places.prefix(10).map { String(Self.line(of: $0.lowerBound, in: source)) }
            throw ToolError(
                """
                old_text is in \(path) \(places.count) times (lines \(lines.joined(separator: ", "))). Add lines around \
                it to make it unique, or set replace_all.
                """)
        }
        // All sizes are those of files and replies: neither the product nor the sum can overflow.
        guard source.count + places.count * (new.count - old.count) <= WorkspaceFiles.writeLimit else {
            throw ToolError("\(path) would be larger than 5 MB. Replace less, or generate it with a command.")
        }
        var result = Data()
        var copied = source.startIndex
        for place in places {
            result += source[copied..<place.lowerBound]
            result += new
            copied = place.upperBound
        }
        result += source[copied...]
        return Edited(
            bytes: result, count: places.count, line: Self.line(of: first.lowerBound, in: source), note: note)
    }

    private func notFound(in text: String, _ path: String) -> String {
        if !new.isEmpty, !ByteSearch(new.utf8).places(in: text.utf8).isEmpty {
            return "old_text is not in \(path), but new_text is: the change may have been made already. Read the file."
        }
        guard let similar = SimilarLines(to: old, in: text) else {
            return "old_text is not in \(path). Read the file and copy the text exactly, without line numbers."
        }
        return """
            old_text is not in \(path) exactly. The most similar lines are \(similar.first)-\(similar.last); compare \
            white space and copy them exactly:
            \(similar.text)
            """
    }

    private static func windows(_ text: String) -> Data {
        Data(text.replacing("\n", with: "\r\n").utf8)
    }

    private static func line(of index: Data.Index, in data: Data) -> Int {
        data[..<index].reduce(1) { $1 == 10 ? $0 + 1 : $0 }
    }
}
