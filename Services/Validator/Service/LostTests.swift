import Contracts
import Git

/// Tests of the base that a change deletes, empties or skips: what passes without them proves nothing.
package struct LostTests: Sendable {
    /// A file of tests that the change touches.
    package struct File: Sendable, Hashable {
        /// Where it was on the base.
        package let path: String
        /// Its text on the base, and now; `nil` where it is gone, or not a text that anybody would write.
        package let old: String?
        package let new: String?
        package let isGone: Bool

        package init(path: String, old: String?, new: String?, isGone: Bool) {
            self.path = path
            self.old = old
            self.new = new
            self.isGone = isGone
        }

        /// Whether no test is left where there were some.
        var isLost: Bool {
            if isGone { return true }
            guard let old, let new else { return false }
            if TestFile.tests(in: old) > 0, TestFile.tests(in: new) == 0 { return true }
            if TestFile.checks(in: old) > 0, TestFile.checks(in: new) == 0 { return true }
            return !old.trimmedIsEmpty && new.trimmedIsEmpty
        }

        /// Whether it checks less than it did: that may be as it should be, but somebody has to look.
        var checksLess: Bool {
            guard !isLost, let old, let new else { return false }
            return TestFile.checks(in: new) < TestFile.checks(in: old)
        }

        var skipsMore: Bool {
            guard let old, let new else { return false }
            return TestFile.skips(in: new) > TestFile.skips(in: old)
        }
    }

    /// The touched files of tests, without those that the task wants changed.
    package let files: [File]

    package init(files: [File]) { self.files = files }

    /// What is missing for people and for the coder, by name. Needs nothing to have run.
    package var issues: [String] {
        files.filter(\.isLost).map {
            "`\($0.path.clipped(200))`: the change takes away the tests of the base. \(Self.advice)"
        }
    }

    /// What may be missing, by name; it fails nothing.
    package var notes: [String] {
        files.filter(\.checksLess).map { "`\($0.path.clipped(200))` checks less than on the base." }
    }

    /// What is missing by the counts of what ran; by the texts of the files where nobody counted.
    ///
    /// - Parameters:
    ///   - base: What the same commands counted on the base, without the files that the task wants changed.
    ///   - head: What they counted on the tree.
    package func issues(base: TestCounts?, head: TestCounts?) -> [String] {
        guard base != nil || head != nil else {
            return files.filter(\.skipsMore).map {
                "`\($0.path.clipped(200))`: the change skips tests of the base. \(Self.advice)"
            }
        }
        let (before, after) = (base?.ran ?? 0, head?.ran ?? 0)
        guard after < before else { return [] }
        let skipped = head.map { $0.skipped > 0 ? " (\($0.skipped) skipped)" : "" } ?? ""
        let names = files.prefix(20).map { "`\($0.path.clipped(200))`" }.joined(separator: ", ")
        return [
            "On the base \(before) test(s) ran, here \(after)\(skipped): tests were deleted, emptied or skipped"
                + "\(names.isEmpty ? "" : " (changed: \(names))"). \(Self.advice)"
        ]
    }

    private static let advice =
        "Bring them back. (A task asks for it by a requirement that begins with `Remove` or `Replace` and names the "
        + "file.)"
}

extension String {
    fileprivate var trimmedIsEmpty: Bool { unicodeScalars.allSatisfy(\.properties.isWhitespace) }
}
