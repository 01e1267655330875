import Glibc
import Sandbox

/// What a command that ran tells: of tests, and where it failed of the cause.
package struct CommandFindings: Sendable {
    private static let keptExcerpt = 6000

    package let tests: TestSummary
    /// The part of the output that matters to whoever mends it; empty where the command succeeded.
    package let excerpt: String

    /// Reads the output, and what the command wrote in `directory` since its `start`. Blocking: a command chooses how
    /// much that is.
    package init(_ outcome: CommandOutcome, in directory: String, since start: timespec) {
        var tests = TestSummary(reading: outcome.output)
        tests.add(ReportFiles.reports(in: directory, since: start))
        self.tests = tests
        excerpt = outcome.succeeded ? "" : OutputExcerpt.text(of: outcome.output, limit: Self.keptExcerpt)
    }
}
