import Contracts
import FoundationEssentials
import Foundations
import Git
import ServiceKit
import Worker

/// A task's repository with access to its remote: for planner and pusher, which hold the key to credentials.
package struct RepositoryAccess: Sendable {
    /// The limit of one exchange with a remote.
    package static let timeout: Duration = .seconds(900)

    private let mirrors: MirrorStore
    private let opener: CredentialOpener
    private let allowsLocal: Bool

    package init(_ service: ServiceContext) throws {
        mirrors = MirrorStore(home: service.settings.home, policy: try service.settings.remotePolicy)
        opener = try CredentialOpener(service)
        allowsLocal = service.settings.allowsLocalRemotes
    }

    package func remote(_ request: TaskRequest) throws -> RemoteURL {
        try RemoteURL(request.repository.remoteURL, allowLocal: allowsLocal)
    }

    package func mirror(_ request: TaskRequest) async throws -> Mirror {
        try await mirrors.mirror(company: request.task.address.company, remote: try remote(request))
    }

    /// The branch that the request starts from: the one it names, else the remote's own.
    package func baseBranch(_ request: TaskRequest, in mirror: Mirror) async throws -> RefName {
        if let named = request.repository.branch { return try RefName(named) }
        return try await mirror.defaultBranch(
            remote: try remote(request), credentials: try opener.open(request), timeout: Self.timeout)
    }

    /// How things stand with branches of the remote, in one look.
    package func branches(
        _ refs: [RefName], of request: TaskRequest, _ mirror: Mirror
    ) async throws -> RemoteBranches {
        try await mirror.branches(refs, remote: try remote(request), credentials: try opener.open(request))
    }

    /// Fetches a branch and returns its head.
    ///
    /// - Parameter listed: What ``branches(_:of:_:)`` told of it just now.
    package func fetch(
        _ branch: RefName, listed: RemoteBranches, of request: TaskRequest, into mirror: Mirror
    ) async throws -> ObjectID {
        try await mirror.fetch(
            remote: try remote(request), branch: branch, listed: listed, credentials: try opener.open(request),
            timeout: Self.timeout)
    }

    /// Makes a recorded base commit available, also where its branch has moved on since.
    package func ensure(_ base: ObjectID, of request: TaskRequest, in mirror: Mirror) async throws {
        if try await mirror.contains(base) { return }
        do {
            try await mirror.fetch(
                base, remote: try remote(request), credentials: try opener.open(request), timeout: Self.timeout)
        } catch let error as GitError where error.code == .remoteFailed {
            throw StageFailure(.repositoryUnavailable, "the remote no longer has the base commit: \(error.message)")
        }
    }

    /// What the remote holds at `ref`, if anything.
    package func remoteRef(_ request: TaskRequest, _ ref: RefName, _ mirror: Mirror) async throws -> ObjectID? {
        try await mirror.remoteRef(remote: try remote(request), ref: ref, credentials: try opener.open(request))
    }

    /// Whether the remote has room for `ref`.
    package func standing(_ request: TaskRequest, _ ref: RefName, _ mirror: Mirror) async throws -> BranchStanding {
        try await branches([ref], of: request, mirror).standing(of: ref)
    }

    /// Whether `ref` of the remote holds `commit`, also if others went on from there.
    package func holds(
        _ commit: ObjectID, at ref: RefName, of request: TaskRequest, _ mirror: Mirror
    ) async throws -> Bool {
        try await mirror.remote(
            try remote(request), holds: commit, at: ref, credentials: try opener.open(request), timeout: Self.timeout)
    }

    /// Pushes `commit` to `ref`, which must not exist yet or hold `commit` already. `base` is the branch that the work
    /// started from.
    package func push(
        _ commit: ObjectID, to ref: RefName, onto base: RefName?, of request: TaskRequest, _ mirror: Mirror
    ) async throws -> PushOutcome {
        try await mirror.push(
            commit, to: ref, expecting: nil, onto: base,
            remote: try remote(request), credentials: try opener.open(request), timeout: Self.timeout)
    }
}
