import Foundations

/// How a workflow ended: the details of its last event, the webhook's `data`, and `tasks.result`.
package struct WorkflowResult: Sendable, Hashable, Codable {
    /// What the workflow used and changed.
    package struct Artifacts: Sendable, Hashable, Codable {
        package var llmCalls: Int
        package var promptTokens: Int
        package var completionTokens: Int
        package var costUSD: Double
        package var filesChanged: Int
        package var insertions: Int
        package var deletions: Int
        /// The isolation that the model's commands ran in, for example `bubblewrap`.
        package var sandbox: String?

        package init(
            llmCalls: Int = 0, promptTokens: Int = 0, completionTokens: Int = 0, costUSD: Double = 0,
            filesChanged: Int = 0, insertions: Int = 0, deletions: Int = 0, sandbox: String? = nil
        ) {
            self.llmCalls = llmCalls
            self.promptTokens = promptTokens
            self.completionTokens = completionTokens
            self.costUSD = costUSD
            self.filesChanged = filesChanged
            self.insertions = insertions
            self.deletions = deletions
            self.sandbox = sandbox
        }

        private enum CodingKeys: String, CodingKey {
            case insertions, deletions, sandbox
            case llmCalls = "llm_calls"
            case promptTokens = "prompt_tokens"
            case completionTokens = "completion_tokens"
            case costUSD = "cost_usd"
            case filesChanged = "files_changed"
        }

        /// Every field is written, see ``WorkflowResult/encode(to:)``.
        package func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(llmCalls, forKey: .llmCalls)
            try container.encode(promptTokens, forKey: .promptTokens)
            try container.encode(completionTokens, forKey: .completionTokens)
            try container.encode(costUSD, forKey: .costUSD)
            try container.encode(filesChanged, forKey: .filesChanged)
            try container.encode(insertions, forKey: .insertions)
            try container.encode(deletions, forKey: .deletions)
            try container.encode(sandbox, forKey: .sandbox)
        }
    }

    package var success: Bool
    package var status: TerminalStatus
    package var workflowID: String
    package var companyID: String
    package var projectID: String
    package var taskID: String
    package var branchName: String?
    package var baseCommit: String?
    package var commitHash: String?
    package var implementationPlan: ImplementationPlan?
    /// The steps of the plan that were done: the share of the coder's own list that it marked as done. Without a list,
    /// all of them once it called `finish` with a change, else the share of the plan's files that it changed.
    package var stepsCompleted: Int
    package var validationResult: ValidationResult?
    package var errorMessage: String?
    package var executionTimeHours: Double
    package var artifacts: Artifacts

    package init(
        status: TerminalStatus, workflowID: String, address: TaskAddress, branchName: String? = nil,
        baseCommit: String? = nil, commitHash: String? = nil, implementationPlan: ImplementationPlan? = nil,
        stepsCompleted: Int = 0, validationResult: ValidationResult? = nil, errorMessage: String? = nil,
        executionTimeHours: Double = 0, artifacts: Artifacts = .init()
    ) {
        self.success = status.isSuccess
        self.status = status
        self.workflowID = workflowID
        self.companyID = address.company.text
        self.projectID = address.project.text
        self.taskID = address.task.text
        self.branchName = branchName
        self.baseCommit = baseCommit
        self.commitHash = commitHash
        self.implementationPlan = implementationPlan
        self.stepsCompleted = stepsCompleted
        self.validationResult = validationResult
        self.errorMessage = errorMessage
        self.executionTimeHours = executionTimeHours
        self.artifacts = artifacts
    }

    private enum CodingKeys: String, CodingKey {
        case success, status, artifacts
        case workflowID = "workflow_id"
        case companyID = "company_id"
        case projectID = "project_id"
        case taskID = "task_id"
        case branchName = "branch_name"
        case baseCommit = "base_commit"
        case commitHash = "commit_hash"
        case implementationPlan = "implementation_plan"
        case stepsCompleted = "steps_completed"
        case validationResult = "validation_result"
        case errorMessage = "error_message"
        case executionTimeHours = "execution_time_hours"
    }

    /// Every field of the contract is written, an absent one as null.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(success, forKey: .success)
        try container.encode(status, forKey: .status)
        try container.encode(workflowID, forKey: .workflowID)
        try container.encode(companyID, forKey: .companyID)
        try container.encode(projectID, forKey: .projectID)
        try container.encode(taskID, forKey: .taskID)
        try container.encode(branchName, forKey: .branchName)
        try container.encode(baseCommit, forKey: .baseCommit)
        try container.encode(commitHash, forKey: .commitHash)
        try container.encode(implementationPlan, forKey: .implementationPlan)
        try container.encode(stepsCompleted, forKey: .stepsCompleted)
        try container.encode(validationResult, forKey: .validationResult)
        try container.encode(errorMessage, forKey: .errorMessage)
        try container.encode(executionTimeHours, forKey: .executionTimeHours)
        try container.encode(artifacts, forKey: .artifacts)
    }

    /// What an open workflow has of its result: the same fields, with its state as `status` and no success.
    package func soFar(_ status: TaskStatus) throws -> JSONValue {
        var fields = try JSONValue(encoding: self).objectValue ?? [:]
        fields["status"] = .string(status.rawValue)
        fields["success"] = false
        return .object(fields)
    }
}
