import Contracts
import Database
import FoundationEssentials
import Foundations

/// A workflow as `tasks` holds it.
package struct WorkflowRecord: Sendable {
    package let workflowID: UUID
    package let address: TaskAddress
    package let request: TaskRequest
    package let status: TaskStatus
    package let stage: Stage
    package let round: Int
    /// How often it was retried by hand.
    package let generation: Int
    package let lastSeq: Int
    /// 32 hexadecimal digits of the W3C trace context.
    package let traceID: String
    package let branchName: String?
    /// The branch that the work starts from, once it is known.
    package let baseBranch: String?
    package let baseCommit: String?
    package let headCommit: String?
    package let headTree: String?
    package let commitHash: String?
    /// What its steps came to.
    package let outputs: StepOutputs
    package let usage: Usage
    /// The budget in force: the request's, or what `raise_budget` made of it.
    package let maxCostUSD: Double?
    package let stepsCompleted: Int
    /// How the work differs from its base.
    package let difference: Difference
    package let sandbox: String?
    package let errorMessage: String?
    package let result: WorkflowResult?
    package let cancelRequested: Bool
    package let pauseRequested: Bool
    package let createdAt: Date
    package let startedAt: Date?
    package let deadlineAt: Date
    package let finishedAt: Date?
    /// The seconds from the first claim until now or the end, without pauses, by the database's clock.
    package let elapsedSeconds: Double
}

extension WorkflowRecord {
    /// The outputs of a workflow `t` by kind: of several runs of a kind the last one's.
    private static let outputs: SQL = """
        (select jsonb_object_agg(last.kind, last.output) from (
            select distinct on (r.kind) r.kind, r.output from stage_runs r
            where r.workflow_id = t.workflow_id and \(RunSlot.isStep()) and r.output is not null
            order by r.kind, r.round desc, r.generation desc) last)
        """

    static let columns: SQL = """
        t.workflow_id, t.company_id, t.project_id, t.task_id, \(Ancestry.request) as request, t.status, t.stage, t.round, t.generation,
        t.last_seq, t.trace_id, t.branch_name, t.base_branch, t.base_commit, t.head_commit, t.head_tree, t.commit_hash,
        \(outputs) as outputs, t.llm_calls, t.prompt_tokens, t.completion_tokens, t.cost_usd, t.max_cost_usd, t.steps_completed, t.files_changed, t.insertions, t.deletions,
        t.sandbox, t.error_message, t.result, t.cancel_requested, t.pause_requested, t.created_at, t.started_at,
        t.deadline_at, t.finished_at,
        (extract(epoch from coalesce(t.finished_at, now()) - coalesce(t.started_at, now())) - t.paused_seconds
            - coalesce(extract(epoch from now() - t.paused_at), 0))::float8 as elapsed_seconds
        """

    init(_ row: Row) throws {
        workflowID = try row.get("workflow_id")
        address = try TaskAddress(row)
        request = try TaskRequest(try row.get("request", as: JSONValue.self))
        status = try row.get("status")
        stage = try row.get("stage")
        round = try row.get("round")
        generation = try row.get("generation")
        lastSeq = try row.get("last_seq")
        traceID = try row.get("trace_id")
        branchName = try row.get("branch_name")
        baseBranch = try row.get("base_branch") ?? request.repository.branch
        baseCommit = try row.get("base_commit")
        headCommit = try row.get("head_commit")
        headTree = try row.get("head_tree")
        commitHash = try row.get("commit_hash")
        outputs = StepOutputs(try row.get("outputs", as: JSONValue?.self)?.objectValue ?? [:])
        usage = try Usage(row)
        maxCostUSD = try row.get("max_cost_usd")
        stepsCompleted = try row.get("steps_completed")
        difference = Difference(
            filesChanged: try row.get("files_changed"), insertions: try row.get("insertions"),
            deletions: try row.get("deletions"))
        sandbox = try row.get("sandbox")
        errorMessage = try row.get("error_message")
        result = try row.get("result", as: JSONValue?.self)?.decode()
        cancelRequested = try row.get("cancel_requested")
        pauseRequested = try row.get("pause_requested")
        createdAt = try row.get("created_at")
        startedAt = try row.get("started_at")
        deadlineAt = try row.get("deadline_at")
        finishedAt = try row.get("finished_at")
        elapsedSeconds = max(0, try row.get("elapsed_seconds"))
    }

    /// The result, or what there is of it while the workflow is open.
    func resultSoFar() throws -> JSONValue {
        if let result { return try JSONValue(encoding: result) }
        // Of an open workflow the status is replaced.
        return try result(endingAs: .internalError, error: errorMessage).soFar(status)
    }

    /// The result if the workflow ended now as `status`.
    func result(endingAs status: TerminalStatus, error: String?) throws -> WorkflowResult {
        try WorkflowResult(
            status: status, workflowID: workflowID.text, address: address,
            // The name was chosen before it was known that nothing is to be pushed.
            branchName: status == .completedNoChanges ? nil : branchName,
            baseCommit: baseCommit, commitHash: commitHash,
            implementationPlan: outputs.get(PlanOutput.self)?.plan, stepsCompleted: stepsCompleted,
            validationResult: outputs.get(ValidationOutput.self)?.result, errorMessage: error,
            executionTimeHours: elapsedSeconds / 3600,
            artifacts: .init(
                llmCalls: usage.llmCalls, promptTokens: usage.promptTokens, completionTokens: usage.completionTokens,
                costUSD: usage.costUSD, filesChanged: difference.filesChanged, insertions: difference.insertions,
                deletions: difference.deletions,
                sandbox: sandbox))
    }
}

extension TaskAddress {
    init(_ row: Row) throws {
        self.init(
            company: try row.get("company_id"), project: try row.get("project_id"), task: try row.get("task_id"))
    }
}

extension Usage {
    init(_ row: Row) throws {
        self.init(
            llmCalls: try row.get("llm_calls"), promptTokens: try row.get("prompt_tokens"),
            completionTokens: try row.get("completion_tokens"), costUSD: try row.get("cost_usd"))
    }
}
