import Contracts
import Foundations
import Git

/// Which files of a change are looked at before anything runs, and by what.
package struct SyntaxPlan: Sendable, Hashable {
    /// The files of one language, for one command.
    package struct Batch: Sendable, Hashable {
        package let checker: SyntaxChecker
        package let files: [SourceFile]

        package var arguments: [String] { checker.arguments(for: files.map(\.path)) }

        /// For people; a name may hold anything, line breaks too.
        package var text: String { "syntax (\(checker.program)): \(names(.max))" }

        /// The names of the first files.
        func names(_ most: Int) -> String {
            let more = files.count > most ? " and \(files.count - most) more" : ""
            return files.prefix(most).map { $0.path.line(200) }.joined(separator: " ") + more
        }

        func with(_ files: [SourceFile]) -> Batch { Batch(checker: checker, files: files) }

        /// The same files where they were on the base, and only those.
        var onBase: Batch { with(files.compactMap(\.onBase)) }
    }

    /// How many files are looked at.
    package static let mostFiles = 200
    private static let longestPath = 1000
    /// Folders of what becomes a file of a language, and is none yet.
    private static let templates: Set<Substring> = ["template", "templates", "skeleton", "skeletons", "cookiecutter"]

    package let batches: [Batch]
    /// What is not looked at, for people.
    package let notes: [String]

    /// - Parameters:
    ///   - files: The changed files that may be looked at.
    ///   - others: How many there are beyond ``mostFiles``.
    package init(_ files: [SourceFile] = [], others: Int = 0) {
        let known = files.filter { !$0.isTooLarge }
        self.init(
            batches: SyntaxChecker.all.compactMap { checker -> Batch? in
                let own = known.filter { $0.checker == checker }
                return own.isEmpty ? nil : Batch(checker: checker, files: own)
            }, notes: Self.notes(tooLarge: files.filter { $0.isTooLarge && $0.checker != nil }, others))
    }

    private init(batches: [Batch], notes: [String]) {
        self.batches = batches
        self.notes = notes
    }

    private static func notes(tooLarge: [SourceFile], _ others: Int) -> [String] {
        var notes = tooLarge.prefix(20).map {
            "The syntax of `\($0.path.line(200))` was not checked: it has more than \(SourceFile.mostBytes) bytes."
        }
        if others > 0 {
            notes.append("The syntax of \(mostFiles) changed files was checked at most, that of \(others) was not.")
        }
        return notes
    }

    /// The changed files that are worth reading: not what others wrote, what tests read, and what becomes a file of a
    /// language only later.
    package static func candidates(_ files: [DiffSummary.File]) -> (wanted: [DiffSummary.File], others: Int) {
        let all = files.filter { $0.status != .deleted && isOwn($0.path) }.sorted { $0.path < $1.path }
        return (Array(all.prefix(mostFiles)), max(0, all.count - mostFiles))
    }

    package static func isOwn(_ path: String) -> Bool {
        SyntaxChecker.mayKnow(path) && path.utf8.count <= longestPath && !ForeignFolders.hold(path)
            && !path.contains("{{") && !path.split(separator: "/").dropLast().contains(where: templates.contains)
    }

    /// Without files of which it is known that nobody can read them.
    package func without(_ known: Set<String>) -> SyntaxPlan {
        let rest = batches.map { batch in batch.with(batch.files.filter { !known.contains($0.path) }) }
        let names = known.sorted().prefix(20).map { "`\($0.line(200))`" }.joined(separator: ", ")
        return SyntaxPlan(
            batches: rest.filter { !$0.files.isEmpty },
            notes: notes + ["What could not be read on the base either is no fault of the change: \(names)."])
    }
}
