import Contracts
import Git
import Synchronization
import Testing
import Worker

@testable import PusherService

/// A commit on its way to a remote in memory.
@Suite struct BranchDeliveryTests {
    private let commit: ObjectID
    private let foreign: ObjectID
    private let remote: MemoryRemote
    private let journal = MemoryJournal()

    init() throws {
        commit = try #require(ObjectID(String(repeating: "a", count: 40)))
        foreign = try #require(ObjectID(String(repeating: "b", count: 40)))
        remote = MemoryRemote(commit)
    }

    /// One owner of the run delivers. Returns the branch.
    private func deliver(_ names: [String] = ["feat/x", "feat/x-1", "feat-x-1"], isChosen: Bool = false) async throws
        -> String
    {
        journal.beginAgain()
        return try await BranchDelivery(
            remote: remote, journal: journal, commit: commit, names: try names.map { try RefName($0) },
            isChosen: isChosen, logger: .silent
        ).run().name
    }

    private func pushes() -> [String] { remote.state.withLock { $0.pushes } }

    @Test func `a branch that is free gets the commit, once`() async throws {
        #expect(try await deliver() == "feat/x")
        // Whoever goes on has it from the journal.
        #expect(try await deliver() == "feat/x")
        #expect(pushes() == ["feat/x"])
    }

    @Test func `a name that somebody else took meanwhile gives the next, and stays theirs`() async throws {
        remote.state.withLock { $0.others = ["feat/x": [foreign]] }
        #expect(try await deliver() == "feat/x-1")
        #expect(remote.state.withLock { $0.branches["feat/x"] } == [foreign])
        #expect(journal.names == ["refs/heads/feat/x", "refs/heads/feat/x-1"])
    }

    @Test func `a branch that leaves no room for a folder gives a name without one`() async throws {
        remote.state.withLock { $0.others = ["feat": [foreign]] }
        #expect(try await deliver() == "feat-x-1")
    }

    @Test func `a name that the request asks for has no other`() async throws {
        remote.state.withLock { $0.others = ["mine": [foreign]] }
        let failure = await #expect(throws: StageFailure.self) { try await deliver(["mine"], isChosen: true) }
        #expect(failure?.status == .pushRejected)
        #expect(failure?.reason.contains("choose another delivery.branch_name") == true)
    }

    @Test func `a push whose answer was lost is found at the remote`() async throws {
        remote.state.withLock { $0.trouble = .unanswered }
        #expect(try await deliver() == "feat/x")
        #expect(pushes() == ["feat/x"])
    }

    @Test func `a push that did not arrive fails, and whoever goes on tries the same name again`() async throws {
        remote.state.withLock { $0.trouble = .lost }
        await #expect(throws: GitError.self) { try await deliver() }
        #expect(try await deliver() == "feat/x")
        #expect(pushes() == ["feat/x", "feat/x"])
        #expect(journal.names == ["refs/heads/feat/x"])
    }

    @Test func `a push that got through before a crash is not repeated, also where others went on from it`()
        async throws
    {
        // The remote goes away as it takes the commit, so that nobody learns of it.
        remote.state.withLock { $0.isReachable = false }
        await #expect(throws: GitError.self) { try await deliver() }
        remote.state.withLock { state in
            state.isReachable = true
            state.branches["feat/x"] = [commit, foreign]
        }
        #expect(try await deliver() == "feat/x")
        #expect(pushes().isEmpty)
    }

    @Test func `a refusal of a free name is no reason to try another`() async throws {
        remote.state.withLock { $0.trouble = .refused }
        let failure = await #expect(throws: GitError.self) { try await deliver() }
        #expect(failure?.code == .pushRejected)
        #expect(journal.names == ["refs/heads/feat/x"])
    }
}
