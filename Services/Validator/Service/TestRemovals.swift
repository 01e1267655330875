import Contracts

/// Which files of tests a task wants changed: those that a requirement names which begins with one of a few verbs.
///
/// Nothing else counts. That a description speaks of a test does not mean that the test may go.
package struct TestRemovals: Sendable {
    private static let verbs: Set<String> = ["remove", "delete", "drop", "skip", "replace", "rewrite"]

    /// What such requirements name: files and folders.
    private let names: Set<String>

    package init(_ task: TaskSettings) {
        names = Set(
            task.requirements.flatMap { requirement -> [String] in
                let words = requirement.split(whereSeparator: { $0.isWhitespace || "`'\",;:()".contains($0) })
                guard let first = words.first, Self.verbs.contains(first.lowercased()) else { return [] }
                return words.dropFirst().map(Self.path)
            })
    }

    /// Whether the task asks for it that the tests in `path` go.
    package func ask(for path: String) -> Bool {
        var path = path[...]
        while !path.isEmpty {
            if names.contains(String(path)) { return true }
            guard let slash = path.lastIndex(of: "/") else { return false }
            path = path[..<slash]
        }
        return false
    }

    /// A word of a sentence as a path from the root.
    private static func path(_ word: Substring) -> String {
        var word = word
        if word.hasPrefix("./") { word = word.dropFirst(2) }
        while let last = word.last, "./!?".contains(last) { word = word.dropLast() }
        return String(word)
    }
}
