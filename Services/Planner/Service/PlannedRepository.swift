import CommandRuns
import Contracts
import Database
import Git
import RemoteAccess
import Sandbox
import TaskStore
import Worker
import Workspaces

/// The remote of a task, as its plan needs it.
protocol PlannedRemote: Sendable {
    /// Its address, without any user.
    var address: String { get }
    /// The same for every way to write its address.
    var repository: String { get }

    /// The branch that the request starts from: the one it names, else the remote's own.
    func baseBranch() async throws -> RefName

    /// How things stand with branches, in one look.
    func branches(_ names: [RefName]) async throws -> RemoteBranches

    /// Fetches a branch and returns its head.
    ///
    /// - Parameter listed: What ``branches(_:)`` told of it just now.
    func fetch(_ branch: RefName, listed: RemoteBranches) async throws -> ObjectID

    /// Makes a recorded base commit available, also where its branch has moved on since.
    func ensure(_ base: ObjectID) async throws
}

/// What a plan reads of the repository.
protocol PlannedRepository: Sendable {
    /// What it says of itself at the commit that work starts from.
    func project(at base: ObjectID) async throws -> ProjectSettings

    /// What of a commit is not in it.
    func foreignContent(of commit: ObjectID) async throws -> ForeignContent
}

/// Where a planner's model looks at the repository.
protocol PlannerWorkplace: Sendable {
    /// Lends a folder with the files of `commit`, and what runs commands there. Nothing of it is left when `body` ends.
    func withFiles<T: Sendable>(
        of commit: ObjectID, _ body: (_ folder: String, _ runner: any CommandRunner) async throws -> T
    ) async throws -> T
}

/// Where is recorded what a plan finds before there is one.
protocol PlanFindings: Sendable {
    /// Keeps back what may wait for what is recorded next.
    func hold(_ record: RunRecord)

    /// Records the branch of the task. Returns `false` if it is another task's.
    ///
    /// - Parameter claim: See `WorkflowChanges.branchClaim`.
    func take(_ branch: BranchCreated, claim: String) async throws -> Bool
}

extension Mirror: PlannedRepository {
    func project(at base: ObjectID) async throws -> ProjectSettings { try await ProjectSettings(at: base, in: self) }
}

extension StageContext: PlanFindings {
    func take(_ branch: BranchCreated, claim: String) async throws -> Bool {
        do {
            try await emit(branch, changes: WorkflowChanges(branchName: branch.branchName, branchClaim: claim))
            return true
        } catch let error as DatabaseError where error.code == .uniqueViolation {
            return false
        }
    }
}

/// The remote of a request, reached with its credentials.
struct RequestRemote: PlannedRemote {
    let repositories: RepositoryAccess
    let request: TaskRequest
    let mirror: Mirror
    private let remote: RemoteURL

    init(_ repositories: RepositoryAccess, _ request: TaskRequest, _ mirror: Mirror) throws {
        self.repositories = repositories
        self.request = request
        self.mirror = mirror
        remote = try repositories.remote(request)
    }

    var address: String { remote.withoutUserInfo }
    var repository: String { remote.repository }

    func baseBranch() async throws -> RefName { try await repositories.baseBranch(request, in: mirror) }

    func branches(_ names: [RefName]) async throws -> RemoteBranches {
        try await repositories.branches(names, of: request, mirror)
    }

    func fetch(_ branch: RefName, listed: RemoteBranches) async throws -> ObjectID {
        try await repositories.fetch(branch, listed: listed, of: request, into: mirror)
    }

    func ensure(_ base: ObjectID) async throws { try await repositories.ensure(base, of: request, in: mirror) }
}

/// The sandbox of this host, over work trees of a mirror.
struct SandboxWorkplace: PlannerWorkplace {
    let context: StageContext
    let mirror: Mirror
    let sandbox: Sandbox

    func withFiles<T: Sendable>(
        of commit: ObjectID, _ body: (_ folder: String, _ runner: any CommandRunner) async throws -> T
    ) async throws -> T {
        try await TaskFolder.withWorkTree(context, mirror, at: commit, sandbox: sandbox, repository: false) { tree in
            try await body(tree.directory, sandbox)
        }
    }
}
