import Contracts
import Git

/// Tests of the base that a change deletes, empties or skips: what passes without them proves nothing.
package struct LostTests: Sendable {
    /// A file of tests that the change touches.
    package struct File: Sendable, Hashable {
        /// Where it was on the base.
        package let path: String
        /// What it said on the base, and what it says; `nil` where it is gone, or not a text that anybody would write.
        package let old: TestText?
        package let new: TestText?
        package let isGone: Bool

        package init(path: String, old: TestText?, new: TestText?, isGone: Bool) {
            self.path = path
            self.old = old
            self.new = new
            self.isGone = isGone
        }

        /// Whether it is there, and no test is left where there were some.
        var isHollow: Bool {
            guard let old, let new else { return false }
            return old.tests > 0 && new.tests == 0 || old.checks > 0 && new.checks == 0 || !old.isBlank && new.isBlank
        }

        /// Whether it checks less than it did: that may be as it should be, but somebody has to look.
        var checksLess: Bool {
            guard !isHollow, let old, let new else { return false }
            return new.checks < old.checks
        }

        var skipsMore: Bool {
            guard let old, let new else { return false }
            return new.skips > old.skips
        }

        /// Whether it is gone and nobody knows that it held tests, as a file that tests make use of.
        var isGoneHelper: Bool {
            guard isGone, let old else { return false }
            return old.tests + old.checks == 0
        }
    }

    /// The touched files of tests, without those that the task wants changed.
    package let files: [File]
    /// Other files of tests that the change writes.
    private let others: [TestText]
    /// Every line that declares or checks something in what the change writes.
    private let written: Set<Int>

    package init(files: [File], others: [TestText] = []) {
        self.files = files
        self.others = others
        written = (files.compactMap(\.new) + others).reduce(into: []) { $0.formUnion($1.lines) }
    }

    /// Tests that moved to other files are not lost.
    private func isLost(_ file: File) -> Bool {
        guard file.isGone else { return file.isHollow }
        guard let old = file.old else { return true }
        return !file.isGoneHelper && !old.lines.isSubset(of: written)
    }

    /// What is missing for people and for the coder, by name. Needs nothing to have run.
    package var issues: [String] {
        files.filter(isLost).map {
            "`\($0.path.clipped(200))`: the change takes away the tests of the base. \(Self.advice)"
        }
    }

    /// What may be missing, by name; it fails nothing.
    package var notes: [String] {
        files.filter(\.checksLess).map { "`\($0.path.clipped(200))` checks less than on the base." }
    }

    /// What is missing by the counts of what ran; by the texts of the files where nobody counted on the base.
    ///
    /// - Parameters:
    ///   - base: What the same commands counted on the base, without the files that the task wants changed.
    ///   - head: What they counted on the tree.
    package func issues(base: TestCounts?, head: TestCounts?) -> [String] {
        guard let base else { return uncounted }
        let (before, after) = (base.ran, head?.ran ?? 0)
        guard after < before else {
            // What ends at the first failure counts too little on the base.
            return (head?.skipped ?? 0) > base.skipped ? skipping.map { "\($0) \(Self.advice)" } : []
        }
        let skipped = head.map { $0.skipped > 0 ? " (\($0.skipped) skipped)" : "" } ?? ""
        return [
            "On the base \(before) test(s) ran, here \(after)\(skipped): tests were deleted, emptied or skipped"
                + "\(names.isEmpty ? "" : " (changed: \(names))"). \(Self.advice)"
        ]
    }

    private var skipping: [String] {
        files.filter(\.skipsMore).map { "`\($0.path.clipped(200))`: the change skips tests of the base." }
    }

    /// What is missing where nobody counted, as on a base that cannot be built.
    private var uncounted: [String] {
        let issues =
            skipping
            + files.filter(\.isGoneHelper).map { "`\($0.path.clipped(200))`: the change takes it away from the tests." }
        let read = files.filter { $0.old != nil && ($0.new != nil || $0.isGone) }
        let before = read.reduce(0) { $0 + ($1.old?.tests ?? 0) }
        let after = read.reduce(0) { $0 + ($1.new?.tests ?? 0) } + others.reduce(0) { $0 + $1.tests }
        guard after < before else { return issues.map { "\($0) \(Self.advice)" } }
        let fewer = "On the base \(names) declared \(before) test(s), now \(after)."
        return (issues + [fewer]).map { "\($0) \(Self.advice)" }
    }

    /// The names of the first files.
    private var names: String { files.prefix(20).map { "`\($0.path.clipped(200))`" }.joined(separator: ", ") }

    private static let advice =
        "Bring them back. (A task asks for it by a requirement that begins with `Remove` or `Replace` and names the "
        + "file.)"
}
