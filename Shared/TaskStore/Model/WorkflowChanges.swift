import Contracts
import Database
import Foundations

/// Facts of a workflow that a step found or made while it runs; `nil` leaves one as it is. What it came to in the end is
/// its output.
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
    /// The steps of the plan that are done, in all.
    package var stepsCompleted: Int?
    /// How the work differs from its base.
    package var difference: Difference?
    /// The isolation that commands ran in.
    package var sandbox: String?
    /// Added to what the workflow used so far.
    package var usage: Usage

    package init(
        branchName: String? = nil, branchClaim: String? = nil, baseBranch: String? = nil, baseCommit: String? = nil,
        headCommit: String? = nil, headTree: String? = nil, commitHash: String? = nil, stepsCompleted: Int? = nil,
        difference: Difference? = nil, sandbox: String? = nil, usage: Usage = .zero
    ) {
        self.branchName = branchName
        self.branchClaim = branchClaim
        self.baseBranch = baseBranch
        self.baseCommit = baseCommit
        self.headCommit = headCommit
        self.headTree = headTree
        self.commitHash = commitHash
        self.stepsCompleted = stepsCompleted
        self.difference = difference
        self.sandbox = sandbox
        self.usage = usage
    }

    /// These changes and then others: the later value holds, usage adds up.
    package func followed(by later: WorkflowChanges) -> WorkflowChanges {
        WorkflowChanges(
            branchName: later.branchName ?? branchName, branchClaim: later.branchClaim ?? branchClaim,
            baseBranch: later.baseBranch ?? baseBranch, baseCommit: later.baseCommit ?? baseCommit,
            headCommit: later.headCommit ?? headCommit, headTree: later.headTree ?? headTree,
            commitHash: later.commitHash ?? commitHash, stepsCompleted: later.stepsCompleted ?? stepsCompleted,
            difference: later.difference ?? difference, sandbox: later.sandbox ?? sandbox,
            usage: usage.credible + later.usage.credible)
    }

    /// The assignments of an update of `tasks`.
    func assignments() -> [SQL] {
        var list: [SQL] = []
        if let branchName { list.append("branch_name = \(branchName.storable)") }
        if let branchClaim { list.append("branch_claim = \(branchClaim.storable)") }
        if let baseBranch { list.append("base_branch = \(baseBranch.storable)") }
        if let baseCommit { list.append("base_commit = \(baseCommit)") }
        if let headCommit { list.append("head_commit = \(headCommit)") }
        if let headTree { list.append("head_tree = \(headTree)") }
        if let commitHash { list.append("commit_hash = \(commitHash)") }
        if let stepsCompleted { list.append("steps_completed = \(stepsCompleted)") }
        if let difference {
            list.append("files_changed = \(difference.filesChanged)")
            list.append("insertions = \(difference.insertions)")
            list.append("deletions = \(difference.deletions)")
        }
        if let sandbox { list.append("sandbox = \(sandbox)") }
        return usage == .zero ? list : list + usageAssignments
    }

    private var usageAssignments: [SQL] {
        let used = usage.credible
        return [
            "llm_calls = llm_calls + \(used.llmCalls)",
            "prompt_tokens = prompt_tokens + \(used.promptTokens)",
            "completion_tokens = completion_tokens + \(used.completionTokens)",
            "cost_usd = cost_usd + \(used.costUSD)::numeric",
        ]
    }
}

extension Usage {
    /// What a provider reports is not trusted: a negative or infinite value counts as nothing.
    fileprivate var credible: Usage {
        Usage(
            llmCalls: max(0, llmCalls), promptTokens: max(0, promptTokens), completionTokens: max(0, completionTokens),
            costUSD: costUSD.isFinite ? max(0, costUSD) : 0)
    }
}
