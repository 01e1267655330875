/// The changes of a task, with colours made here.
package struct DiffView: Sendable {
    /// The most lines of a file, and of all.
    static let mostLinesOfFile = 1500
    static let mostLines = 6000
    /// The most files.
    static let mostFiles = 300

    /// A changed file.
    package struct File: Sendable {
        package let id: String
        package let path: String
        package let notes: [String]
        /// `nil` for none.
        package let insertions: String?
        package let deletions: String?
        package let lines: HTML
        /// Says that lines are missing, and how many.
        package let cut: String?
        /// Whether it is shown at once.
        package let isOpen: Bool

        init(_ file: Patch.File, number: Int, most: Int) {
            let table = DiffMarkup.table(of: file, most: most)
            id = "file-\(number)"
            path = file.path
            notes = file.notes
            insertions = file.insertions > 0 ? "+\(Amount.count(file.insertions))" : nil
            deletions = file.deletions > 0 ? "−\(Amount.count(file.deletions))" : nil
            lines = table.html
            cut = table.cut > 0 ? Words.count(table.cut, "further line") + " not shown" : nil
            isOpen = file.insertions + file.deletions <= 400
        }
    }

    package let summary: String
    package let base: String
    package let head: String
    package let files: [File]
    /// What is said where no file is shown.
    package let empty: String
    /// Says what is missing.
    package let note: String?
    /// Where the whole patch is.
    package let patchHref: String?

    /// - Parameters:
    ///   - patch: As `git diff` writes it.
    ///   - isTruncated: Whether it leaves something out.
    ///   - empty: Why there is nothing to show.
    package init(
        patch text: String, base: String, head: String, isTruncated: Bool = false, patchHref: String? = nil,
        empty: String = "Nothing has changed yet."
    ) {
        let patch = Patch(text)
        var left = Self.mostLines
        files = patch.files.prefix(Self.mostFiles).enumerated().map { number, file in
            let most = min(left, Self.mostLinesOfFile)
            left -= min(most, file.hunks.reduce(0) { $0 + $1.lines.count })
            return File(file, number: number + 1, most: most)
        }
        let insertions = patch.files.reduce(0) { $0 + $1.insertions }
        let deletions = patch.files.reduce(0) { $0 + $1.deletions }
        summary = "\(Words.count(patch.files.count, "file")), +\(Amount.count(insertions)) −\(Amount.count(deletions))"
        self.base = String(base.prefix(12))
        self.head = String(head.prefix(12))
        self.empty = empty
        note = Self.note(patch.files.count - files.count, isTruncated)
        self.patchHref = patchHref
    }

    private static func note(_ missing: Int, _ isTruncated: Bool) -> String? {
        if missing > 0 { return Words.count(missing, "further file") + " not shown." }
        return isTruncated ? "The patch is too large to be shown whole." : nil
    }
}
