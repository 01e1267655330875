import Agent
import Contracts
import Git
import ServiceKit
import TaskStore
import Worker

@testable import AgentRuns
@testable import CoderService

/// A coder over files in a folder and a journal in memory.
struct MemoryCoder: Sendable {
    let repository = MemoryRepository()
    let workplace: MemoryWorkplace
    let journal = MemoryJournal()
    let messages = MemoryMessages()
    let base: ObjectID

    init() {
        workplace = MemoryWorkplace(repository)
        base = repository.commit(["calc.py": "return a - b\n"])
    }

    /// Where the work was kept last.
    var head: ObjectID {
        journal.outcomes.compactMap(\.checkpoint).last.flatMap { ObjectID($0.commit) } ?? base
    }

    /// The names of the files that are kept, in order.
    func files() throws -> [String] { try repository.files(of: head).keys.sorted() }

    /// A workflow with a plan of two steps, and a summary of the round before.
    func record(
        round: Int = 0, generation: Int = 0, validation: ValidationResult? = nil, spent: Double = 0,
        _ change: (inout TaskRequest) -> Void = { _ in }
    ) throws -> WorkflowRecord {
        var request = TaskRequest.sample()
        change(&request)
        let plan = ImplementationPlan(goal: "add adds", steps: ["look", "mend"], filesToModify: ["calc.py"])
        var outputs: [any StepOutput] = [PlanOutput(plan: plan), ImplementationOutput(summary: "first try")]
        if let validation {
            let evidence = Evidence(
                workflowID: "", baseCommit: "", tree: "", success: false, requested: [], commands: [], exitCodes: [])
            outputs.append(
                ValidationOutput(result: validation, signed: SignedEvidence(evidence: evidence, signature: "")))
        }
        return .sample(
            request, stage: .implementation, round: round, generation: generation, base: base.text,
            outputs: try StepOutputs(of: outputs), spent: spent)
    }

    /// One owner of the run works, from where the one before it came to.
    @discardableResult
    func work(
        _ model: MemoryModel, _ record: WorkflowRecord, from head: ObjectID? = nil, control: RunControl? = nil,
        title: String = "Mend add", dyingAfter steps: Int = .max, _ settings: [String: String] = [:]
    ) async throws -> StageEnd {
        journal.beginAgain(dyingAfter: steps)
        let round = CodingRound(
            run: .inMemory(record, journal, messages, control ?? RunControl(maxCostUSD: record.maxCostUSD)),
            brief: TaskBrief(title: title), repository: repository, workplace: workplace, model: model,
            settings: SettingsSource(values: settings), defaultIterations: 30)
        return try await round.work(from: head ?? self.head)
    }
}
