import Contracts
import Foundations
import Git
import LanguageModels
import Synchronization
import TaskStore
import Testing
import Worker

/// What comes of a plan, with a remote in memory and a model that plays a script.
@Suite(.timeLimit(.minutes(1))) struct TaskPlanningTests {
    private let planner = MemoryPlanner()
    private let model = MemoryModel([.plan])

    private func named(_ name: String) -> (inout TaskRequest) -> Void { { $0.delivery.branchName = name } }

    // MARK: Where the work starts

    @Test func `a task gets its base and its branch before its model is asked, and then its plan`() async throws {
        let findings = planner.findings
        let model = MemoryModel([.call("read_file", ["file_path": "calc.py"]), .plan]) { _ in
            #expect(findings.events.map(\.type) == [.repoCloned, .branchCreated])
        }
        let result = try await planner.plan(model, planner.record())
        #expect(result.outcome == .succeeded && result.summary == "add adds")
        let plan = try #require(result.output as? PlanOutput).plan
        #expect(plan.steps == ["look", "mend"] && plan.filesToModify == ["calc.py"] && plan.estimatedSteps == 2)
        #expect(result.events.map(\.type) == [.planCreated])
        #expect(model.requests.count == 2 && model.heard.contains("return a - b"))
        let changes = planner.findings.changes
        #expect(changes.baseBranch == "main" && changes.baseCommit == planner.base.text)
        #expect(changes.branchName == "feat/20261026-repair-the-login-form")
        #expect(changes.branchClaim == "git.example.com/web feat/20261026-repair-the-login-form")
    }

    @Test func `the remote is asked once for the base and for the names of the branch`() async throws {
        try await planner.plan(model, planner.record())
        let asked = planner.source.state.withLock { $0.asked }
        #expect(asked.count == 1 && asked.first?.first == "main")
        #expect(asked.first?.contains("feat/20261026-repair-the-login-form") == true)
    }

    @Test func `whoever goes on starts from the recorded base, wherever its branch is by now, and tells nothing again`()
        async throws
    {
        planner.source.state.withLock { $0.branches["main"] = planner.repository.commit(["calc.py": "moved on\n"]) }
        let model = MemoryModel([.call("read_file", ["file_path": "calc.py"]), .plan])
        try await planner.plan(model, planner.record(branch: "feat/x", base: planner.base))
        #expect(model.heard.contains("return a - b") && !model.heard.contains("moved on"))
        #expect(planner.findings.events.isEmpty && planner.source.state.withLock { $0.asked.isEmpty })
    }

    @Test func `a base that is known without a branch gets one`() async throws {
        try await planner.plan(model, planner.record(base: planner.base))
        #expect(planner.findings.events.map(\.type) == [.branchCreated])
        #expect(planner.findings.events.first?.details["base_commit"] == .string(planner.base.text))
    }

    @Test(arguments: [
        (GitError.Code.unauthorized, false), (.repositoryNotFound, false), (.branchNotFound, false), (.moved, false),
        (.unreachable, true),
    ])
    func `a remote that cannot be fetched from ends the task, or is tried again where that may help`(
        _ code: GitError.Code, _ isRetriable: Bool
    ) async throws {
        planner.source.state.withLock { $0.trouble = GitError(code, "no") }
        let error = await #expect(throws: GitError.self) { try await planner.plan(model, planner.record()) }
        let failure = StageFailure(describing: try #require(error))
        #expect(failure.status == .repositoryUnavailable && failure.isRetriable == isRetriable)
        #expect(model.requests.isEmpty && planner.findings.events.isEmpty && planner.journal.names.isEmpty)
    }

    @Test func `a branch that the request names and that is not there ends the task`() async throws {
        let planner = MemoryPlanner(chosen: "release")
        let error = await #expect(throws: GitError.self) { try await planner.plan(model, planner.record()) }
        #expect(error?.code == .branchNotFound)
    }

    @Test func `a base that the remote no longer has ends the task, and no model is asked`() async throws {
        planner.source.state.withLock { _ = $0.forgotten.insert(planner.base) }
        let failure = await #expect(throws: StageFailure.self) {
            try await planner.plan(model, planner.record(branch: "feat/x", base: planner.base))
        }
        #expect(failure?.status == .repositoryUnavailable && model.requests.isEmpty)
    }

    // MARK: The name of the branch

    @Test func `a name that is taken at the remote gives another`() async throws {
        planner.source.state.withLock { $0.branches["feat/20261026-repair-the-login-form"] = planner.base }
        try await planner.plan(model, planner.record())
        let name = try #require(planner.findings.changes.branchName)
        #expect(name.hasPrefix("feat/20261026-repair-the-login-form-"))
    }

    @Test func `a name that another task has taken gives another`() async throws {
        planner.findings.state.withLock { $0.others = ["feat/20261026-repair-the-login-form"] }
        try await planner.plan(model, planner.record())
        let name = try #require(planner.findings.changes.branchName)
        #expect(name.hasPrefix("feat/20261026-repair-the-login-form-"))
        // The base is recorded with the name that was free.
        #expect(planner.findings.events.map(\.type) == [.repoCloned, .branchCreated])
    }

    @Test func `a branch that leaves no room for a folder gives a name without one`() async throws {
        planner.source.state.withLock { $0.branches["feat"] = planner.base }
        try await planner.plan(model, planner.record())
        #expect(planner.findings.changes.branchName?.hasPrefix("feat-20261026-") == true)
    }

    @Test(arguments: ["remote", "task", "folder"])
    func `a name that the request asks for has no other: the task ends before it costs anything`(
        _ whose: String
    ) async throws {
        switch whose {
        case "remote": planner.source.state.withLock { $0.branches["mine/x"] = planner.base }
        case "task": planner.findings.state.withLock { $0.others = ["mine/x"] }
        default: planner.source.state.withLock { $0.branches["mine"] = planner.base }
        }
        let failure = await #expect(throws: StageFailure.self) {
            try await planner.plan(model, planner.record(named("mine/x")))
        }
        #expect(failure?.status == .pushRejected)
        #expect(failure?.reason.contains("choose another delivery.branch_name") == true)
        #expect(model.requests.isEmpty && planner.findings.events.isEmpty)
    }

    // MARK: What the repository says

    @Test func `a file of settings that nobody can read ends the task before it costs anything`() async throws {
        let planner = MemoryPlanner([ProjectSettings.path: "validation: [", "calc.py": "x\n"])
        let failure = await #expect(throws: StageFailure.self) { try await planner.plan(model, planner.record()) }
        #expect(failure?.status == .validationFailed && model.requests.isEmpty && planner.findings.events.isEmpty)
    }

    @Test func `a setup that the operator does not allow ends the task by the name of the setting`() async throws {
        let file = "validation:\n  setup:\n    - npm ci\n"
        let planner = MemoryPlanner([ProjectSettings.path: file, "package.json": "{}\n"])
        let failure = await #expect(throws: StageFailure.self) { try await planner.plan(model, planner.record()) }
        #expect(failure?.status == .validationFailed && failure?.reason.contains("SETUP_COMPANIES") == true)
        #expect(model.requests.isEmpty)
        let allowed = ["SETUP_COMPANIES": "acme", "SETUP_HOSTS": "registry.npmjs.org"]
        #expect(try await planner.plan(model, planner.record(), allowed).outcome == .succeeded)
        #expect(model.heard.contains("npm ci"))
    }

    // MARK: The conversation

    @Test func `a planner asks the model that is named for it`() async throws {
        try await planner.plan(
            model,
            planner.record {
                $0.agent.model = "coder"
                $0.agent.plannerModel = "thinker"
            })
        #expect(model.requests.first?.model == "thinker")
    }

    @Test func `a planner can change nothing`() async throws {
        let model = MemoryModel([.write("calc.py", "x"), .shell("rm -rf ."), .plan])
        try await planner.plan(model, planner.record())
        #expect(model.heard.contains("There is no tool write_file"))
        #expect(model.heard.contains("There is no tool run_shell_command"))
    }

    @Test func `a planner that comes to no plan fails the task by what ran out`() async throws {
        let stuck = await #expect(throws: StageFailure.self) {
            try await planner.plan(MemoryModel([.call("list_directory", [:])]), planner.record())
        }
        #expect(stuck?.status == .stuck)
        let poor = MemoryPlanner()
        let model = MemoryModel([.call("list_directory", [:])], price: 0.25)
        let spent = await #expect(throws: StageFailure.self) {
            try await poor.plan(model, poor.record { $0.agent.maxCostUSD = 0.5 })
        }
        #expect(spent?.status == .budgetExhausted && model.requests.count == 2)
        #expect(poor.journal.events.map { $0.details["percent"] } == [50, 80, 100])
    }

    @Test func `a model that is away is another try, and what was found is not looked for again`() async throws {
        let away = MemoryModel([.fails(ModelError(.unavailable, "down"))])
        let failure = await #expect(throws: StageFailure.self) { try await planner.plan(away, planner.record()) }
        #expect(failure?.status == .modelUnavailable && failure?.isRetriable == true)
        let changes = planner.findings.changes
        try await planner.plan(model, planner.record(branch: changes.branchName, base: planner.base))
        #expect(planner.findings.events.count == 2 && planner.source.state.withLock { $0.asked.count } == 1)
    }

    @Test(arguments: 1...4)
    func `whoever goes on asks the model nothing that was answered`(_ steps: Int) async throws {
        let turns: [MemoryModel.Turn] = [.call("list_directory", [:]), .plan]
        await #expect(throws: MemoryJournal.Death.self) {
            try await planner.plan(MemoryModel(turns), planner.record(), dyingAfter: steps)
        }
        let rest = MemoryModel(Array(turns.dropFirst(steps / 2)))
        let record = planner.record(branch: planner.findings.changes.branchName, base: planner.base)
        #expect(try await planner.plan(rest, record).summary == "add adds")
        #expect(rest.requests.count == turns.count - steps / 2)
    }

    @Test func `messages of people reach the planner too, and its steps are not told one by one`() async throws {
        planner.messages.state.withLock { $0.messages = ["look at calc.py first"] }
        let model = MemoryModel([.call("list_directory", [:]), .plan])
        try await planner.plan(model, planner.record())
        #expect(model.heard.contains("look at calc.py first"))
        #expect(planner.journal.events.isEmpty)
    }
}
