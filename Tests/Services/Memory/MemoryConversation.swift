import Contracts
import Foundation
import Foundations
import ServiceKit
import Synchronization
import Worker

@testable import AgentRuns
@testable import TaskStore

/// What people say to the model of a workflow, and what they were told.
final class MemoryMessages: ConversationRecord, Sendable {
    struct State {
        var messages: [String] = []
        var knowsOfUnpriced = false
        /// How often the messages were asked for.
        var looks = 0
    }

    let state = Mutex(State())

    func steering(_ claim: Claim) async throws -> [String] {
        state.withLock { state in
            state.looks += 1
            return state.messages
        }
    }

    func hasUnpricedAlert(of workflow: UUID) async throws -> Bool { state.withLock { $0.knowsOfUnpriced } }
}

extension TaskRequest {
    /// A task that says no more than it must.
    static func sample(_ task: String = "fix-login") -> TaskRequest {
        TaskRequest(
            task: TaskSettings(address: .sample(task), title: "Repair the login form"),
            repository: RepositorySettings(remoteURL: "https://git.example.com/web.git"))
    }
}

extension WorkflowRecord {
    /// A workflow that is under way.
    static func sample(
        _ request: TaskRequest, stage: Stage, round: Int = 0, generation: Int = 0, branch: String? = nil,
        base: String? = nil, outputs: StepOutputs = StepOutputs(), spent: Double = 0
    ) -> WorkflowRecord {
        WorkflowRecord(
            workflowID: .v7(), address: request.task.address, request: request, status: .running, stage: stage,
            round: round, generation: generation, lastSeq: 1, traceID: "", branchName: branch, baseBranch: "main",
            baseCommit: base, headCommit: nil, headTree: nil, commitHash: nil, outputs: outputs,
            usage: Usage(costUSD: spent), maxCostUSD: request.agent.maxCostUSD, stepsCompleted: 0,
            difference: Difference(), sandbox: nil, errorMessage: nil, result: nil, cancelRequested: false,
            pauseRequested: false, createdAt: Date(timeIntervalSince1970: 1_793_000_000), startedAt: nil,
            deadlineAt: .distantFuture, finishedAt: nil, elapsedSeconds: 0)
    }
}

extension StepOutputs {
    /// What steps left.
    init(of outputs: [any StepOutput]) throws {
        var values: [String: JSONValue] = [:]
        for output in outputs { values[type(of: output).kind.rawValue] = try JSONValue(encoding: output) }
        self.init(values)
    }
}

extension ConversationRun {
    /// A run in memory.
    static func inMemory(
        _ record: WorkflowRecord, _ journal: MemoryJournal, _ messages: MemoryMessages, _ control: RunControl,
        metrics: MetricsRegistry = MetricsRegistry()
    ) -> ConversationRun {
        let key = RunKey(
            id: 1, workflowID: record.workflowID, stage: record.stage, round: record.round,
            generation: record.generation)
        return ConversationRun(
            record: record, claim: Claim(key: key, owner: .v7(), epoch: 1),
            hasSteering: messages.state.withLock { !$0.messages.isEmpty }, control: control, steps: journal,
            store: messages, metrics: metrics, logger: .silent)
    }
}

extension RunControl {
    /// A heartbeat tells of a message.
    func hearOfMessage() { learn(hasSteering: true, maxCostUSD: maxCostUSD) }

    /// A heartbeat tells of another budget.
    func hearOfBudget(_ maxCostUSD: Double) { learn(hasSteering: hasSteering, maxCostUSD: maxCostUSD) }

    private func learn(hasSteering: Bool, maxCostUSD: Double?) {
        var reply = HeartbeatReply()
        (reply.hasSteering, reply.maxCostUSD) = (hasSteering, maxCostUSD)
        learnt(reply, askedAt: .now)
    }
}

/// A handler ended in another way than a test is about.
struct UnexpectedEnd: Error { let end: StageEnd }

extension StageEnd {
    /// The result of a step that came to one.
    var result: StepResult {
        get throws {
            guard case .finished(let result) = self else { throw UnexpectedEnd(end: self) }
            return result
        }
    }

    /// Why the task ends, and what there is of it.
    var failure: (StageFailure, WorkflowChanges) {
        get throws {
            guard case .failed(let failure, let changes) = self else { throw UnexpectedEnd(end: self) }
            return (failure, changes)
        }
    }
}
