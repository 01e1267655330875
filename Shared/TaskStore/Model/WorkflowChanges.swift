import Contracts
import Database
import Foundations

/// Fields of a workflow that a stage sets; `nil` leaves a field as it is.
package struct WorkflowChanges: Sendable {
    package var branchName: String?
    /// The branch and its repository, however the request spells that: no two open tasks of a company have the same.
    package var branchClaim: String?
    /// The branch that the work starts from, and its commit.
    package var baseBranch: String?
    package var baseCommit: String?
    /// The newest commit of the work, and its tree.
    package var headCommit: String?
    package var headTree: String?
    /// The commit that is pushed.
    package var commitHash: String?
    package var plan: ImplementationPlan?
    package var validation: ValidationResult?
    package var evidence: SignedEvidence?
    package var summary: String?
    package var commitMessage: String?
    /// The steps of the plan that are done, in all.
    package var stepsCompleted: Int?
    package var filesChanged: Int?
    package var insertions: Int?
    package var deletions: Int?
    /// The isolation that commands ran in.
    package var sandbox: String?
    /// Added to what the workflow used so far.
    package var usage: Usage

    package init(
        branchName: String? = nil, branchClaim: String? = nil, baseBranch: String? = nil, baseCommit: String? = nil,
        headCommit: String? = nil, headTree: String? = nil, commitHash: String? = nil, plan: ImplementationPlan? = nil,
        validation: ValidationResult? = nil, evidence: SignedEvidence? = nil, summary: String? = nil,
        commitMessage: String? = nil, stepsCompleted: Int? = nil, filesChanged: Int? = nil, insertions: Int? = nil,
        deletions: Int? = nil, sandbox: String? = nil, usage: Usage = .zero
    ) {
        self.branchName = branchName
        self.branchClaim = branchClaim
        self.baseBranch = baseBranch
        self.baseCommit = baseCommit
        self.headCommit = headCommit
        self.headTree = headTree
        self.commitHash = commitHash
        self.plan = plan
        self.validation = validation
        self.evidence = evidence
        self.summary = summary
        self.commitMessage = commitMessage
        self.stepsCompleted = stepsCompleted
        self.filesChanged = filesChanged
        self.insertions = insertions
        self.deletions = deletions
        self.sandbox = sandbox
        self.usage = usage
    }

    /// The assignments of an update of `tasks`.
    func assignments() throws -> [SQL] {
        var list: [SQL] = []
        if let branchName { list.append("branch_name = \(branchName.storable)") }
        if let branchClaim { list.append("branch_claim = \(branchClaim.storable)") }
        if let baseBranch { list.append("base_branch = \(baseBranch.storable)") }
        if let baseCommit { list.append("base_commit = \(baseCommit)") }
        if let headCommit { list.append("head_commit = \(headCommit)") }
        if let headTree { list.append("head_tree = \(headTree)") }
        if let commitHash { list.append("commit_hash = \(commitHash)") }
        if let plan { list.append("plan = \(try JSONValue(encoding: plan).storable)") }
        if let validation { list.append("validation = \(try JSONValue(encoding: validation).storable)") }
        if let evidence {
            list.append("evidence = \(try JSONValue(encoding: evidence.evidence).storable)")
            list.append("evidence_signature = \(evidence.signature)")
        }
        if let summary { list.append("summary = \(summary.storable)") }
        if let commitMessage { list.append("commit_message = \(commitMessage.storable)") }
        if let stepsCompleted { list.append("steps_completed = \(stepsCompleted)") }
        if let filesChanged { list.append("files_changed = \(filesChanged)") }
        if let insertions { list.append("insertions = \(insertions)") }
        if let deletions { list.append("deletions = \(deletions)") }
        if let sandbox { list.append("sandbox = \(sandbox)") }
        return usage == .zero ? list : list + usageAssignments
    }

    /// What a provider reports is not trusted: a negative or infinite value counts as nothing.
    private var usageAssignments: [SQL] {
        [
            "llm_calls = llm_calls + \(max(0, usage.llmCalls))",
            "prompt_tokens = prompt_tokens + \(max(0, usage.promptTokens))",
            "completion_tokens = completion_tokens + \(max(0, usage.completionTokens))",
            "cost_usd = cost_usd + \(usage.costUSD.isFinite ? max(0, usage.costUSD) : 0)::numeric",
        ]
    }
}
