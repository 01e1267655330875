import Contracts
import Foundations
import Git
import RemoteAccess
import Worker

/// What ``BranchDelivery`` asks of the remote, always about the one commit.
protocol BranchRemote: Sendable {
    /// Whether the remote has room for a branch.
    func standing(of branch: RefName) async throws -> BranchStanding

    /// Whether a branch holds the commit, also if others went on from there.
    func holdsCommit(at branch: RefName) async throws -> Bool

    /// Pushes the commit to a branch that does not exist yet or holds it already.
    func push(to branch: RefName) async throws
}

/// What ``BranchDelivery`` needs of the run's journal.
protocol EffectJournal: Sendable {
    /// Takes a step, or gives back its result if it was taken before. `effect` is told whether it was begun before.
    func perform(
        _ request: JournalRequest, _ effect: @Sendable (_ wasBegun: Bool) async throws -> JournalOutcome
    ) async throws -> (result: JSONValue, wasReplayed: Bool)
}

extension RunJournal: EffectJournal {}

/// The remote of a task's repository.
struct RepositoryRemote: BranchRemote {
    let repositories: RepositoryAccess
    let request: TaskRequest
    let mirror: Mirror
    let commit: ObjectID
    /// The branch that the work started from.
    let base: RefName?

    func standing(of branch: RefName) async throws -> BranchStanding {
        try await repositories.standing(request, branch, mirror)
    }

    func holdsCommit(at branch: RefName) async throws -> Bool {
        try await repositories.holds(commit, at: branch, of: request, mirror)
    }

    func push(to branch: RefName) async throws {
        _ = try await repositories.push(commit, to: branch, onto: base, of: request, mirror)
    }
}
