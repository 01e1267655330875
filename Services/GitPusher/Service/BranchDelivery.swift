import Contracts
import Foundations
import Git
import Logging
import RemoteAccess
import ServiceKit
import TaskStore
import Worker

/// Brings a task's one commit to a branch of the remote: the planned one or, where that was taken meanwhile, another of
/// ours.
///
/// Each name is a step of the journal. Which name is tried is recorded before the push, what came of it after; and which
/// comes next follows from that alone. So whoever goes on does what was begun: it asks the remote before it repeats a
/// push that may have got through, and tries no further name unless the one before is known to be somebody else's.
struct BranchDelivery: Sendable {
    let repositories: RepositoryAccess
    let context: StageContext
    let mirror: Mirror
    let commit: ObjectID

    /// Returns the branch that holds the commit now.
    func run() async throws -> RefName {
        let journal = try await RunJournal(context)
        let names = BranchNames(context.record)
        for branch in try names.pushed() {
            // The ref, its old value (none) and its new one.
            let request = JournalRequest(.push, name: branch.full, hash: "none..\(commit.text)", hasIntent: true)
            let (result, _) = try await journal.perform(request) { wasBegun in
                JournalOutcome(try await push(to: branch, wasBegun: wasBegun))
            }
            guard result["taken"] == true else { return branch }
            context.logger.notice("a branch is taken at the remote", metadata: ["branch": "\(branch)"])
        }
        let advice = names.isChosen ? "; choose another delivery.branch_name" : ""
        throw StageFailure(.pushRejected, "the branch was taken at the remote meanwhile\(advice)")
    }

    private func push(to branch: RefName, wasBegun: Bool) async throws -> JSONValue {
        if wasBegun, try await isThere(branch) { return ["commit": .string(commit.text), "repeated": true] }
        guard try await deliver(to: branch) else { return ["taken": true] }
        return ["commit": .string(commit.text), "repeated": .bool(wasBegun)]
    }

    /// Whether an earlier push got through, also if others went on from there.
    private func isThere(_ branch: RefName) async throws -> Bool {
        switch try await repositories.standing(context.request, branch, mirror) {
        case .free, .blocked: false
        case .taken(commit): true
        case .taken: try await repositories.holds(commit, at: branch, of: context.request, mirror)
        }
    }

    /// Where the push failed, what the remote shows decides: it may have got through. Returns `false` if the name is
    /// somebody else's.
    private func deliver(to branch: RefName) async throws -> Bool {
        do {
            let base = try context.record.baseBranch.map { try RefName($0) }
            _ = try await repositories.push(commit, to: branch, onto: base, of: context.request, mirror)
            return true
        } catch let failure as GitError {
            return try await hasArrived(at: branch, after: failure)
        }
    }

    private func hasArrived(at branch: RefName, after failure: GitError) async throws -> Bool {
        let shown = try? await repositories.standing(context.request, branch, mirror)
        try Task.checkCancellation()
        switch shown {
        case .taken(commit): return true
        case .taken where failure.code == .pushRejected, .blocked: return false
        case .taken:
            // It may be at what somebody made of our commit since.
            guard try await repositories.holds(commit, at: branch, of: context.request, mirror) else { throw failure }
            return true
        case .free, nil: throw failure
        }
    }
}
