import Foundations
import Git
import Synchronization

@testable import PusherService

/// The branches of a remote in memory, as the history of commits of each. One commit is ours.
final class MemoryRemote: BranchRemote, Sendable {
    /// What a push comes to that fails.
    enum Trouble { case lost, refused, unanswered }

    struct State {
        var branches: [String: [ObjectID]] = [:]
        var pushes: [String] = []
        /// What happens to the next push.
        var trouble: Trouble?
        /// What others push in the moment before ours arrives.
        var others: [String: [ObjectID]] = [:]
        var isReachable = true
    }

    let state = Mutex(State())
    private let commit: ObjectID

    init(_ commit: ObjectID) { self.commit = commit }

    private func reached<T: Sendable>(_ body: (inout State) throws -> T) throws -> T {
        try state.withLock { state in
            guard state.isReachable else { throw GitError(.remoteFailed, "unreachable", isRetriable: true) }
            return try body(&state)
        }
    }

    func standing(of branch: RefName) async throws -> BranchStanding {
        try reached { state in
            if let tip = state.branches[branch.name]?.last { return .taken(tip) }
            let obstacle = state.branches.keys.first {
                $0.hasPrefix("\(branch.name)/") || branch.name.hasPrefix("\($0)/")
            }
            return obstacle.map { .blocked(by: $0) } ?? .free
        }
    }

    func holdsCommit(at branch: RefName) async throws -> Bool {
        try reached { $0.branches[branch.name]?.contains(commit) == true }
    }

    func push(to branch: RefName) async throws {
        try reached { state in
            state.pushes.append(branch.name)
            state.branches.merge(state.others) { $1 }
            defer { state.trouble = nil }
            let isOurs = state.branches[branch.name].map { $0.last == commit } ?? true
            let isBlocked = state.branches.keys.contains {
                $0.hasPrefix("\(branch.name)/") || branch.name.hasPrefix("\($0)/")
            }
            guard isOurs, !isBlocked, state.trouble != .refused else {
                throw GitError(.pushRejected, "rejected")
            }
            if state.trouble != .lost { state.branches[branch.name] = [commit] }
            if state.trouble != nil { throw GitError(.remoteFailed, "no answer", isRetriable: true) }
        }
    }
}
