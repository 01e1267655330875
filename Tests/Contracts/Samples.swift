import Contracts
import Foundation
import Foundations

/// One value of each message; the golden files hold the same.
enum Sample {
    static let address = TaskAddress(
        company: CompanyID(validated: "acme"), project: ProjectID(validated: "web"),
        task: TaskID(validated: "fix-login"))
    static let workflowID = "01939b1e-3c00-7000-8000-000000000001"
    static let base = "8f3c2a1b9d7e6f5a4b3c2d1e0f9a8b7c6d5e4f3a"
    static let commit = "1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d"
    static let tree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
    static let branch = "feat/20261121-fix-login"
    static let time = Date(timeIntervalSince1970: 1_795_253_400.125)

    static func request(_ credentials: Credentials) -> TaskRequest {
        TaskRequest(
            task: TaskSettings(
                address: address, title: "Fix the login", description: "Users with an umlaut cannot log in.\nSee #12.",
                requirements: ["Keep the API", "Add a test"], tags: ["bug"],
                context: ["ticket": "WEB-12", "retries": 3, "ratio": 0.5, "nested": ["deep": [true, nil]]],
                priority: 3, dependencies: [TaskID(validated: "upgrade-db")], contextFiles: ["src/login.py"],
                hints: "The error is in normalise()."),
            repository: RepositorySettings(
                remoteURL: "https://git.example.com/acme/web.git", branch: "develop", credentials: credentials),
            agent: AgentSettings(
                model: "z-ai/glm-4.6:exacto", plannerModel: "openai/gpt-5", instructions: "Be brief.", mode: .single,
                maxCostUSD: 2.5, maxIterations: 50, allowedTools: ["read_file", "edit_file"],
                scopePaths: ["src/", "tests/"], sessionID: "session-1"),
            validation: ValidationSettings(commands: ["make test"], timeoutSeconds: 300, maxRepairRounds: 2),
            delivery: DeliverySettings(
                push: true, commitMessage: "Fix the login", branchName: branch, approval: .push,
                webhookURL: "https://hooks.example.com/automata"),
            timeoutSeconds: 7200)
    }

    static let credentials: [(name: String, value: Credentials)] = [
        ("none", .none),
        ("username_password", .usernamePassword(username: "ann", password: Secret("correct horse"))),
        ("access_token", .accessToken(Secret("ghp_secret"), username: "oauth2")),
        ("private_key", .privateKey(Secret("-----BEGIN KEY-----\nAAAA\n"), passphrase: Secret("open sesame"))),
        ("private_key_path", .privateKeyPath("keys/deploy", passphrase: Secret("open sesame"))),
        ("sealed", .sealed("AQIDBA==")),
    ]

    static let minimalRequest = TaskRequest(
        task: TaskSettings(address: address, title: "Fix the login"),
        repository: RepositorySettings(remoteURL: "https://git.example.com/acme/web.git"))

    static let projectPlace = TaskAddress(company: address.company, project: address.project, task: .all)
    static let platformPlace = TaskAddress(company: .all, project: .all, task: .all)

    static var project: ProjectSpec {
        get throws {
            let spec: JSONValue = [
                "description": "The shop.", "type": "web_application", "status": "planning",
                "repository": [
                    "remote_url": "https://git.example.com/acme/web.git", "branch": "develop",
                    "credentials": ["credential_type": "access_token", "access_token": "ghp_secret", "username": ""],
                ],
                "agent": ["model": "z-ai/glm-4.6:exacto", "max_cost_usd": 2.5],
                "validation": ["commands": ["make test"]],
                "delivery": ["approval": "push"], "tags": ["shop"], "metadata": ["team": 7],
            ]
            return try ProjectSpec(FieldReader(spec), at: ProjectSpec.place(projectPlace))
        }
    }

    static var settings: SettingsSpec {
        var settings = SettingsSpec()
        (settings.model, settings.plannerModel) = ("z-ai/glm-4.6:exacto", "openai/gpt-5")
        (settings.maxIterations, settings.maxRetries, settings.taskTimeout) = (40, 2, 7200)
        settings.push = false
        settings.fallbacks = ["openai/gpt-5-mini", "ollama:qwen3"]
        settings.workerConcurrency = [.coder: 8, .validator: 2]
        return settings
    }

    static let plan = ImplementationPlan(
        goal: "Log in with umlauts", steps: ["Write a failing test", "Normalise the name"],
        filesToCreate: ["tests/test_umlaut.py"], filesToModify: ["src/login.py"],
        validationCriteria: ["make test passes"])

    static let validation = ValidationResult(
        success: true, issues: [], suggestions: ["Cover the logout too"], testsPassed: 12, testsFailed: 0,
        commands: [.init(command: "make test", exitCode: 0, durationMilliseconds: 812, output: "12 passed\n")])

    static let result = WorkflowResult(
        status: .completed, workflowID: workflowID, address: address, branchName: branch, baseCommit: base,
        commitHash: commit, implementationPlan: plan, stepsCompleted: 2, validationResult: validation,
        executionTimeHours: 0.25,
        artifacts: .init(
            llmCalls: 9, promptTokens: 41_250, completionTokens: 2310, costUSD: 0.0421, filesChanged: 2,
            insertions: 14, deletions: 3, sandbox: "bubblewrap"))

    static let failure = WorkflowResult(
        status: .repositoryUnavailable, workflowID: workflowID, address: address,
        errorMessage: "the remote refused the credentials")

    /// What an open workflow has; its status is replaced.
    static let soFar = WorkflowResult(
        status: .stuck, workflowID: workflowID, address: address, branchName: branch, baseCommit: base,
        implementationPlan: plan, artifacts: .init(llmCalls: 2, sandbox: "bubblewrap"))

    static let snapshot = StatusSnapshot(
        workflowID: workflowID, status: .running, stage: .implementation, round: 1, lastSeq: 17, branchName: branch,
        costUSD: 0.0125, progress: 50, createdAt: time, startedAt: time + 1, claimedAt: time + 60,
        claimedBy: "01939b1e-3c00-4000-8000-0000000000aa", finishedAt: nil, result: .null)

    static let details: [any EventDetails] = [
        WorkflowStarted(title: "Fix the login", priority: 3),
        RepoCloned(
            remoteURL: "https://git.example.com/acme/web.git", branch: "develop", baseCommit: base,
            durationMilliseconds: 412),
        BranchCreated(branchName: branch, baseBranch: "develop", baseCommit: base),
        PlanCreated(plan: plan),
        ImplementationStarted(round: 0, model: "z-ai/glm-4.6:exacto", maxIterations: 50, sandbox: "bubblewrap"),
        ImplementationStep(
            iteration: 3, tool: "edit_file", summary: "src/login.py", ok: true, durationMilliseconds: 4),
        ImplementationCompleted(
            round: 0, iterations: 7, summary: "Normalised the name.", filesChanged: 2, insertions: 14, deletions: 3),
        ValidationStarted(round: 0, tree: tree, commands: ["make test"]),
        ValidationCompleted(result: validation),
        ChangesCommitted(branchName: branch, commitHash: commit, filesChanged: 2, insertions: 14, deletions: 3),
        ChangesPushed(branchName: branch, commitHash: commit),
        TaskRejected(code: "invalid_request", field: "repository.remote_url", reason: "missing"),
        ApprovalRequested(approval: "push", summary: "2 files changed, 14 insertions, 3 deletions"),
        BudgetAlert(percent: 80, costUSD: 2, maxCostUSD: 2.5),
        DiscoveryRecorded(content: "The tests need a database.", tags: ["tests"]),
        WorkflowPaused(stage: "implementation"),
        WorkflowResumed(stage: "implementation"),
    ]

    /// What a workflow tells of its children.
    static let detailsOfChildren: [any EventDetails] = [
        SubtaskStarted(key: "task-1", taskID: TaskID(validated: "goal--task-1"), status: .running),
        SubtaskEnded(key: "task-1", taskID: TaskID(validated: "goal--task-1"), status: .ended(.completed)),
    ]

    /// What is told of a company or the platform.
    static let detailsOfOperation: [any EventDetails] = [
        CheckpointReached(
            reportID: "01939b1e-3c00-7000-8000-0000000000f0", actor: "schedule", since: time, tasksEnded: 12,
            tasksSucceeded: 9, costUSD: 1.25)
    ]

    static let operations: [(name: String, value: OperationRequest)] = [
        ("pause", OperationRequest(.pause)), ("checkpoint", OperationRequest(.checkpoint, actor: "ann")),
        ("restart", OperationRequest(.restart, replica: "coder-2", actor: "ann")),
    ]
}
