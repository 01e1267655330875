/// A replacement of an exact text in a file. It changes what differs between the two texts and no other byte.
struct TextReplacement: Sendable {
    let old: String
    let new: String
    let all: Bool

    struct Edited {
        let bytes: [UInt8]
        let count: Int
        /// The line of the first change, from 1.
        let line: Int
        /// What else the model should know.
        let note: String
    }

    /// Where the old text is.
    private struct Finding {
        let places: [Range<Int>]
        let folding: FoldedText.Folding
    }

    /// The bytes after the replacement. Throws ``ToolError`` if it is not exact or not unique.
    func apply(to bytes: [UInt8], of path: String) throws -> Edited {
        guard !old.isEmpty else { throw ToolError("old_text is empty. To write a whole file use write_file.") }
        guard !old.unicodeScalars.elementsEqual(new.unicodeScalars) else {
            throw ToolError("old_text and new_text are the same: nothing to do.")
        }
        let file = TextFile(bytes, TextEncoding(of: bytes) ?? .utf8)
        guard let finding = find(in: file) else { throw ToolError(notFound(in: file, path)) }
        guard all || finding.places.count == 1 else { throw tooMany(finding.places, file, path) }
        let result = try splice(file, finding, path)
        return Edited(
            bytes: result, count: finding.places.count, line: file.line(at: finding.places[0].lowerBound) + 1,
            note: note(file, finding))
    }

    /// As it is written; else with the file's own line ends; else however Unicode spells it.
    private func find(in file: TextFile) -> Finding? {
        // A line feed alone never stands for half of a line end.
        var foldings: [FoldedText.Folding] =
            Self.hasReturn(old) ? [.exact, .lineEnds] : file.bytes.contains(13) ? [.lineEnds] : [.exact]
        if old.utf8.contains(where: { $0 >= 0x80 }) { foldings.append(.canonical) }
        for folding in foldings {
            let text = FoldedText(file, file.textStart..<file.bytes.count, folding)
            let places = SequenceSearch(FoldedText(old, folding).units).places(in: text.units)
                .compactMap(text.bytes(of:))
            if !places.isEmpty { return Finding(places: places, folding: folding) }
        }
        return nil
    }

    // MARK: Putting the new text in its place

    private func splice(_ file: TextFile, _ finding: Finding, _ path: String) throws -> [UInt8] {
        // The model speaks of returns itself: then nothing is read into what it wrote.
        let isLiteral = Self.hasReturn(old) ? finding.folding == .exact : Self.hasReturn(new)
        var (result, copied, known) = ([UInt8](), 0, [[UInt8]: [UInt8]]())
        for place in finding.places {
            let replaced = Array(file.bytes[place])
            let replacement: [UInt8]
            if let earlier = known[replaced], !file.form.isMixed {
                replacement = earlier
            } else if isLiteral {
                replacement = try TextMerge.encode(new, file.form.encoding, path)
            } else {
                replacement = try merged(file, place, finding.folding == .canonical, path)
            }
            known[replaced] = replacement
            result += file.bytes[copied..<place.lowerBound]
            result += replacement
            copied = place.upperBound
            guard result.count + file.bytes.count - copied <= WorkspaceFiles.writeLimit else {
                throw ToolError("\(path) would be larger than 5 MB. Replace less, or generate it with a command.")
            }
        }
        return result + file.bytes[copied...]
    }

    /// The new text for one place: what it has in common with the old one, at both ends, stays as it is.
    private func merged(
        _ file: TextFile, _ place: Range<Int>, _ isCanonical: Bool, _ path: String
    ) throws -> [UInt8] {
        let folding = isCanonical ? FoldedText.Folding.canonical : .lineEnds
        let before = FoldedText(file, place, folding)
        let text = TextFile(Array(LineEnding.unified(new).utf8), .utf8)
        let after = FoldedText(text, 0..<text.bytes.count, folding)
        var head = zip(before.units, after.units).prefix { $0 == $1 }.count
        while !before.isBoundary(head) || !after.isBoundary(head) { head -= 1 }
        let room = min(before.units.count, after.units.count) - head
        var tail = zip(before.units.reversed(), after.units.reversed()).prefix(room).prefix { $0 == $1 }.count
        while !before.isBoundary(before.units.count - tail) || !after.isBoundary(after.units.count - tail) { tail -= 1 }
        let inner = before.place(head)..<before.place(before.units.count - tail)
        let middle = String(
            decoding: text.bytes[after.place(head)..<after.place(after.units.count - tail)], as: UTF8.self)
        let merge = TextMerge(file, inner, isCanonical: isCanonical)
        return Array(file.bytes[place.lowerBound..<inner.lowerBound]) + (try merge.bytes(for: middle, in: path))
            + Array(file.bytes[inner.upperBound..<place.upperBound])
    }

    private func note(_ file: TextFile, _ finding: Finding) -> String {
        var notes: [String] = []
        if finding.folding == .canonical {
            notes.append("old_text is spelt otherwise there (composed or decomposed characters): that was kept.")
        }
        if !Self.hasReturn(new), new.utf8.contains(10), file.form.ending != .lf || file.form.isMixed {
            let kind = file.form.isMixed ? "mixed" : file.form.ending.rawValue
            notes.append("The file's \(kind) line ends were kept.")
        }
        return notes.map { " \($0)" }.joined()
    }

    // MARK: What to say where it cannot be done

    private func tooMany(_ places: [Range<Int>], _ file: TextFile, _ path: String) -> ToolError {
        let lines = places.prefix(10).map { "\(file.line(at: $0.lowerBound) + 1)" }.joined(separator: ", ")
        return ToolError(
            """
            old_text is in \(path) \(places.count) times (lines \(lines)). Add lines around it to make it unique, or \
            set replace_all.
            """)
    }

    private func notFound(in file: TextFile, _ path: String) -> String {
        if !new.isEmpty, Self(old: new, new: "", all: true).find(in: file) != nil {
            return "old_text is not in \(path), but new_text is: the change may have been made already. Read the file."
        }
        guard let similar = SimilarLines(to: old, in: file) else {
            return "old_text is not in \(path). Read the file and copy the text exactly, without line numbers."
        }
        return """
            old_text is not in \(path) exactly. The most similar lines are \(similar.first)-\(similar.last); compare \
            white space and copy them exactly:
            \(similar.text)
            """
    }

    /// In Swift a return with its line feed is one character: bytes tell.
    private static func hasReturn(_ text: String) -> Bool { text.utf8.contains(13) }
}
