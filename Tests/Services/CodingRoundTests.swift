import Agent
import Contracts
import Foundations
import Git
import LanguageModels
import Synchronization
import TaskStore
import Testing
import Worker

/// What comes of a coder's round with a model that plays a script.
@Suite(.timeLimit(.minutes(1))) struct CodingRoundTests {
    private let coder = MemoryCoder()

    private static let mend = MemoryModel.Turn.write("calc.py", "return a + b\n")
    /// More than any limit lets it.
    private static let endless = (0..<40).map { MemoryModel.Turn.write("\($0)", "x") }

    @Test func `a round that finishes leaves its work, and what the coder says of it`() async throws {
        let result = try await coder.work(MemoryModel([Self.mend, .finish]), coder.record()).result
        #expect(result.outcome == .succeeded)
        let output = try #require(result.output as? ImplementationOutput)
        #expect(output == ImplementationOutput(summary: "done", commitMessage: "Mend add"))
        #expect(try coder.repository.files(of: coder.head) == ["calc.py": "return a + b\n"])
        let tree = try await coder.repository.tree(of: coder.head)
        #expect(result.changes.headCommit == coder.head.text && result.changes.headTree == tree.text)
        #expect(result.changes.difference == Difference(filesChanged: 1, insertions: 1, deletions: 1))
        #expect(result.changes.stepsCompleted == 2 && result.changes.sandbox == "bubblewrap")
    }

    @Test func `its start is told before its steps, its steps before its end`() async throws {
        let record = try coder.record(round: 2) { $0.agent.model = "m" }
        let result = try await coder.work(MemoryModel([Self.mend, .finish]), record).result
        let told = coder.journal.events + result.events
        #expect(
            told.map(\.type) == [
                .implementationStarted, .implementationStep, .implementationStep, .implementationCompleted,
            ])
        #expect(told.first?.details["model"] == "m" && told.first?.details["max_iterations"] == 30)
        #expect(told.first?.details["round"] == 2 && told.last?.details["round"] == 2)
        #expect(told.dropFirst().first?.details["tool"] == "write_file")
        #expect(told.last?.details["files_changed"] == 1 && told.last?.details["iterations"] == 2)
    }

    @Test func `a round that changes nothing ends where it began`() async throws {
        let result = try await coder.work(MemoryModel([.finish]), coder.record()).result
        #expect(result.outcome == .succeeded && result.changes.headCommit == coder.base.text)
        #expect(result.changes.difference == Difference() && result.changes.stepsCompleted == 0)
    }

    @Test func `the coder's own list says how much of the plan is done`() async throws {
        let items: [JSONValue] = [["text": "a", "status": "done"], ["text": "b", "status": "pending"]]
        let model = MemoryModel([Self.mend, .call("update_todos", ["items": .array(items)]), .finish])
        let result = try await coder.work(model, coder.record()).result
        #expect(result.changes.stepsCompleted == 1 && coder.journal.changes.stepsCompleted == 1)
    }

    // MARK: Limits

    @Test func `a coder that uses up its turns fails the task, and its work is kept`() async throws {
        let model = MemoryModel([Self.mend] + Self.endless)
        let (failure, changes) = try await coder.work(model, coder.record { $0.agent.maxIterations = 3 }).failure
        #expect(failure.status == .iterationsExhausted && model.requests.count == 3)
        #expect(changes.headCommit == coder.head.text && changes.difference?.filesChanged == 3)
        // The plan's file is changed, but nobody said that all is done.
        #expect(changes.stepsCompleted == 1)
    }

    @Test func `a task that names no number of turns has those of the platform`() async throws {
        let model = MemoryModel(Self.endless)
        #expect(try await coder.work(model, coder.record()).failure.0.status == .iterationsExhausted)
        #expect(model.requests.count == 30)
    }

    @Test func `a coder that goes round in circles fails the task as stuck`() async throws {
        let model = MemoryModel([Self.mend, .call("list_directory", [:])])
        let (failure, changes) = try await coder.work(model, coder.record()).failure
        #expect(failure.status == .stuck)
        #expect(changes.headCommit == coder.head.text && coder.head != coder.base)
    }

    @Test func `people are told of half the budget, most of it and its end, which is the task's`() async throws {
        let model = MemoryModel(Self.endless, price: 0.25)
        let (failure, changes) = try await coder.work(model, coder.record { $0.agent.maxCostUSD = 1 }).failure
        #expect(failure.status == .budgetExhausted && model.requests.count == 4)
        #expect(changes.headCommit == coder.head.text)
        let alerts = coder.journal.events.filter { $0.type == .budgetAlert }
        #expect(alerts.map { $0.details["percent"] } == [50, 80, 100])
        #expect(coder.journal.changes.usage.costUSD == 1 && coder.journal.changes.usage.llmCalls == 4)
    }

    @Test func `what earlier steps spent counts`() async throws {
        let model = MemoryModel(Self.endless, price: 0.25)
        let record = try coder.record(spent: 0.5) { $0.agent.maxCostUSD = 1 }
        #expect(try await coder.work(model, record).failure.0.status == .budgetExhausted)
        #expect(model.requests.count == 2)
    }

    @Test func `a budget that is raised meanwhile holds from the next turn on`() async throws {
        let control = RunControl(maxCostUSD: 1)
        let model = MemoryModel(Self.endless, price: 0.25) { if $0 == 3 { control.hearOfBudget(2) } }
        let record = try coder.record { $0.agent.maxCostUSD = 1 }
        #expect(try await coder.work(model, record, control: control).failure.0.status == .budgetExhausted)
        #expect(model.requests.count == 8)
    }

    @Test func `people are told once a task that the price of a model is not known`() async throws {
        let record = try coder.record { $0.agent.maxCostUSD = 1 }
        let turns = [Self.mend, .write("a", "x"), .finish]
        _ = try await coder.work(MemoryModel(turns, price: nil), record).result
        #expect(coder.journal.events.compactMap { $0.details["unpriced_model"] } == ["played"])
        // As a step before told it.
        let later = MemoryCoder()
        later.messages.state.withLock { $0.knowsOfUnpriced = true }
        _ = try await later.work(MemoryModel(turns, price: nil), record).result
        #expect(!later.journal.events.contains { $0.type == .budgetAlert })
    }

    @Test func `where the operator wants it, a model without a price ends a task with a budget`() async throws {
        let record = try coder.record { $0.agent.maxCostUSD = 1 }
        let end = try await coder.work(MemoryModel([.finish], price: nil), record, ["MODEL_UNKNOWN_PRICE": "refuse"])
        #expect(try end.failure.0.status == .budgetExhausted)
        #expect(try end.failure.0.reason.contains("played"))
    }

    @Test func `a model that is away is another try, one that refuses is the end, with the work kept`() async throws {
        let away = MemoryModel([Self.mend, .fails(ModelError(.rateLimited, "slow", retryAfter: .seconds(9)))])
        let failure = await #expect(throws: StageFailure.self) { try await coder.work(away, coder.record()) }
        #expect(failure?.isRetriable == true && failure?.isBusy == true && failure?.retryAfter == .seconds(9))
        #expect(coder.head != coder.base)
        let refusing = MemoryModel([.fails(ModelError(.unauthorized, "the key is wrong"))])
        let (refusal, changes) = try await coder.work(refusing, coder.record()).failure
        #expect(refusal.status == .modelUnavailable && changes.headCommit == coder.head.text)
    }

    // MARK: People

    @Test func `messages of people reach the model once, also those that come while it works`() async throws {
        coder.messages.state.withLock { $0.messages = ["use tabs"] }
        let control = RunControl(maxCostUSD: nil)
        let model = MemoryModel(Array(Self.endless.prefix(3)) + [.finish]) { [messages = coder.messages] number in
            guard number == 2 else { return }
            messages.state.withLock { $0.messages.append("and be quick") }
            control.hearOfMessage()
        }
        try await coder.work(model, coder.record(), control: control)
        let said = model.requests.map { $0.messages.last?.content ?? "" }
        #expect(said.map { $0.contains("use tabs") } == [true, false, false, false])
        #expect(said.map { $0.contains("and be quick") } == [false, false, true, false])
        #expect(coder.messages.state.withLock { $0.looks } == 2)
    }

    @Test func `nobody looks for messages that nobody sent`() async throws {
        try await coder.work(MemoryModel([Self.mend, .finish]), coder.record())
        #expect(coder.messages.state.withLock { $0.looks } == 0)
    }

    @Test func `who cancels or pauses cuts off the model, and what was done is gone on with`() async throws {
        let record = try coder.record()
        let (asked, question) = AsyncStream.makeStream(of: Void.self)
        let model = MemoryModel([Self.mend, .write("a", "x")]) { number in
            guard number == 2 else { return }
            question.finish()
            while !Task.isCancelled {}
        }
        let work = Task { [coder] in try await coder.work(model, record) }
        for await _ in asked {}
        work.cancel()
        await #expect(throws: CancellationError.self) { try await work.value }
        #expect(try coder.repository.files(of: coder.head) == ["calc.py": "return a + b\n"])
        let again = MemoryModel([.write("a", "x"), .finish])
        _ = try await coder.work(again, record).result
        #expect(again.requests.count == 2)
        #expect(try coder.files() == ["a", "calc.py"])
    }

    // MARK: Going on

    /// The prompts, then a call of the model and one of a tool each turn: six steps before the last.
    @Test(arguments: 1...6)
    func `whoever goes on repeats no step that was recorded, and ends with the same`(_ steps: Int) async throws {
        let record = try coder.record()
        let turns: [MemoryModel.Turn] = [Self.mend, .write("a", "x"), .finish]
        let whole = MemoryCoder()
        let expected = try await whole.work(MemoryModel(turns), record).result
        await #expect(throws: MemoryJournal.Death.self) {
            try await coder.work(MemoryModel(turns), record, dyingAfter: steps)
        }
        let rest = MemoryModel(Array(turns.dropFirst(steps / 2)))
        let result = try await coder.work(rest, record).result
        #expect(rest.requests.count == turns.count - steps / 2)
        #expect(result.output as? ImplementationOutput == expected.output as? ImplementationOutput)
        #expect(result.changes.headTree == expected.changes.headTree)
        #expect(coder.journal.events.map(\.type) == whole.journal.events.map(\.type))
    }

    @Test func `a round keeps to the prompts that it began with`() async throws {
        await #expect(throws: MemoryJournal.Death.self) {
            try await coder.work(MemoryModel([.finish]), coder.record(), title: "old words", dyingAfter: 1)
        }
        let model = MemoryModel([.finish])
        try await coder.work(model, coder.record(), title: "new words")
        #expect(model.heard.contains("old words") && !model.heard.contains("new words"))
    }

    @Test func `what another version recorded is not gone on with, and costs nothing`() async throws {
        _ = try await coder.journal.keep(
            JournalRequest(.fact, name: "prompts", waits: true), JournalOutcome("in another form"))
        let model = MemoryModel([.finish])
        await #expect(throws: JournalMismatch.self) { try await coder.work(model, coder.record()) }
        #expect(model.requests.isEmpty)
    }
}
