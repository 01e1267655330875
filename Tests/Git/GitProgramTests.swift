import Foundations
import TestSupport
import Testing

@testable import Git

@Suite(.timeLimit(.minutes(1)))
struct `The git program` {
    private let waiting = ["-c", "alias.wait=!echo begun >&2; exec sleep 600", "wait"]

    @Test func `that takes too long is ended, and says so`() async throws {
        let folder = try TemporaryFolder()
        let program = GitProgram(directory: folder.path, timeout: .milliseconds(200))
        let error = await #expect(throws: GitError.self) { try await program.run(waiting) }
        #expect(error?.code == .timeout)
    }

    @Test func `is ended when nobody waits for it any more`() async throws {
        let folder = try TemporaryFolder()
        let program = GitProgram(directory: folder.path, timeout: .seconds(600))
        let run = Task { try await program.run(waiting) }
        run.cancel()
        await #expect(throws: CancellationError.self) { try await run.value }
    }

    @Test func `that ends in time gives what it said`() async throws {
        let folder = try TemporaryFolder()
        let outcome = try await GitProgram(directory: folder.path).run(["--version"])
        #expect(outcome.isSuccess && outcome.output.hasPrefix("git version"))
    }
}
