import Contracts
import Foundation
import Foundations
import ServiceKit
import Synchronization
import Worker
import Workspaces

@testable import AgentRuns
@testable import Git
@testable import PlannerService
@testable import TaskStore

/// The remote of a task in memory: the commits of its branches.
final class MemorySource: PlannedRemote, Sendable {
    struct State {
        var branches: [String: ObjectID] = [:]
        /// What stands in the way of whoever asks.
        var trouble: GitError?
        /// What is not there any more.
        var forgotten: Set<ObjectID> = []
        /// The names that were asked about.
        var asked: [[String]] = []
    }

    let state: Mutex<State>
    let address = "https://git.example.com/web.git"
    let repository = "git.example.com/web"
    private let chosen: String?

    /// - Parameter chosen: The branch that the request names, if it does.
    init(main: ObjectID, chosen: String? = nil) {
        state = Mutex(State(branches: ["main": main]))
        self.chosen = chosen
    }

    private func reached<T: Sendable>(_ body: (inout State) throws -> T) throws -> T {
        try state.withLock { state in
            if let trouble = state.trouble { throw trouble }
            return try body(&state)
        }
    }

    func baseBranch() async throws -> RefName { try reached { _ in try RefName(chosen ?? "main") } }

    func branches(_ names: [RefName]) async throws -> RemoteBranches {
        try reached { state in
            state.asked.append(names.map(\.name))
            let tips = state.branches.map { ("refs/heads/\($0.key)", $0.value) }
            return RemoteBranches(tips: Dictionary(uniqueKeysWithValues: tips))
        }
    }

    func fetch(_ branch: RefName, listed: RemoteBranches) async throws -> ObjectID {
        try reached { state in
            guard let head = state.branches[branch.name] else {
                throw GitError(.branchNotFound, "there is no branch \(branch)")
            }
            return head
        }
    }

    func ensure(_ base: ObjectID) async throws {
        try reached { state in
            guard state.forgotten.contains(base) else { return }
            throw StageFailure(.repositoryUnavailable, "the remote no longer has the base commit")
        }
    }
}

/// What a plan finds, as it is recorded. No two open tasks have a branch.
final class MemoryFindings: PlanFindings, Sendable {
    struct State {
        var waiting: [RunRecord] = []
        var recorded: [RunRecord] = []
        /// The branches of other tasks.
        var others: Set<String> = []
    }

    let state = Mutex(State())

    /// The events that were recorded, in order.
    var events: [EventDraft] { state.withLock { $0.recorded.flatMap(\.events) } }

    /// What was recorded of the workflow.
    var changes: WorkflowChanges { state.withLock { $0.recorded.changes } }

    func hold(_ record: RunRecord) { state.withLock { $0.waiting.append(record) } }

    func take(_ branch: BranchCreated, claim: String) async throws -> Bool {
        let changes = WorkflowChanges(branchName: branch.branchName, branchClaim: claim)
        let record = RunRecord([try EventDraft(branch)], changes: changes)
        return state.withLock { state in
            guard !state.others.contains(branch.branchName) else { return false }
            state.recorded += state.waiting + [record]
            state.waiting = []
            return true
        }
    }
}

/// What the repository says of itself, by the file of its settings.
struct MemoryProjects: PlannedRepository {
    let repository: MemoryRepository

    func project(at base: ObjectID) async throws -> ProjectSettings {
        guard let file = try repository.files(of: base)[ProjectSettings.path] else { return ProjectSettings() }
        do { return try ProjectSettings(decoding: Data(file.utf8)) } catch { throw ProjectSettings.failure("\(error)") }
    }

    func foreignContent(of commit: ObjectID) async throws -> ForeignContent { ForeignContent() }
}

/// A planner over files in a folder, a remote and a record in memory.
struct MemoryPlanner: Sendable {
    let repository = MemoryRepository()
    let workplace: MemoryWorkplace
    let source: MemorySource
    let findings = MemoryFindings()
    let journal = MemoryJournal()
    let messages = MemoryMessages()
    let base: ObjectID

    init(_ files: MemoryRepository.Files = ["calc.py": "return a - b\n"], chosen: String? = nil) {
        workplace = MemoryWorkplace(repository)
        base = repository.commit(files)
        source = MemorySource(main: base, chosen: chosen)
    }

    /// A task of which nothing is known yet.
    func record(
        branch: String? = nil, base: ObjectID? = nil, _ change: (inout TaskRequest) -> Void = { _ in }
    ) -> WorkflowRecord {
        var request = TaskRequest.sample()
        change(&request)
        return .sample(request, stage: .plan, branch: branch, base: base?.text)
    }

    /// One owner of the run plans.
    @discardableResult
    func plan(
        _ model: MemoryModel, _ record: WorkflowRecord, dyingAfter steps: Int = .max, _ settings: [String: String] = [:]
    ) async throws -> StepResult {
        journal.beginAgain(dyingAfter: steps)
        let source = SettingsSource(values: settings)
        return try await TaskPlanning(
            run: .inMemory(record, journal, messages, RunControl(maxCostUSD: record.maxCostUSD)), remote: self.source,
            repository: MemoryProjects(repository: repository), findings: findings, workplace: workplace, model: model,
            settings: source, setups: try SetupPolicy(source)
        ).plan().result
    }
}
