import Contracts
import Git

/// Whether tests show what a change does, as `validation.require_tests` asks: with them the commands fail on the base,
/// and they pass on the change.
///
/// Tests of before count as well: where what is there fails on the base and passes here, nothing has to be written.
package struct RequiredTests: Sendable, Hashable {
    /// Code that the change writes.
    package let sources: [String]
    /// What the change writes of tests: files of tests, and what only they make use of.
    package let tests: [String]
    /// What it takes away of them.
    package let gone: [String]

    /// - Parameters:
    ///   - written: The files that the change adds or modifies.
    ///   - removed: What was there before and is not any more.
    package init(written: [String], removed: [String] = []) {
        sources = written.filter(TestFile.isTestable)
        tests = written.filter(TestFile.belongsToTests)
        gone = removed.filter(TestFile.belongsToTests)
    }

    init(_ changes: DiffSummary) {
        self.init(
            written: changes.files.filter { $0.status != .deleted }.map(\.path),
            removed: changes.files.filter { $0.status == .deleted }.map(\.path)
                + changes.files.compactMap(\.oldPath))
    }

    /// Whether there is anything to show: not of documents, settings and data, and not of tests alone.
    package var areDue: Bool { !sources.isEmpty }

    /// What is missing where nothing runs tests.
    package var nothingRuns: String {
        "validation.require_tests: no command runs tests here, so none shows what the change does to \(names). Add "
            + "tests and what makes the kind of project recognised, or name validation.commands."
    }

    /// What is missing for people and for the coder; `nil` where the tests show the change.
    ///
    /// - Parameter trial: What the commands came to on the base with the tests of the change.
    package func issue(after trial: ValidationTrial) -> String? {
        guard trial.passed else { return nil }
        guard tests.contains(where: TestFile.isTest) else {
            return "validation.require_tests: no test shows what the change does to \(names). Write tests that fail "
                + "without it and pass with it."
        }
        let written = tests.filter(TestFile.isTest).prefix(20).map { "`\($0.line(200))`" }.joined(separator: ", ")
        return "validation.require_tests: the tests do not show the change: with \(written) the commands pass on the "
            + "base as well. Write tests that fail without the change, and see to it that the commands run them."
    }

    /// What people have to know where the tests cannot be tried on the base.
    package static let untried =
        "validation.require_tests: whether the tests fail without the change is not known, for they could not be run "
        + "on the base to the end."

    /// The names of the first files.
    private var names: String {
        let more = sources.count > 20 ? " and \(sources.count - 20) more" : ""
        return sources.prefix(20).map { "`\($0.line(200))`" }.joined(separator: ", ") + more
    }
}
