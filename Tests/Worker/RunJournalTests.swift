import Contracts
import Database
import Foundation
import Foundations
import ServiceSupport
import TaskStore
import TestSupport
import Testing

@testable import ServiceKit
@testable import Worker

@Suite(.timeLimit(.minutes(1))) struct RunJournalTests {
    private struct Lost: Error {}

    private let push = JournalRequest(.push, name: "refs/heads/feat/x", hash: "none..1", hasIntent: true)

    /// A task whose plan nobody has begun.
    private func withTask(_ body: (ServiceContext) async throws -> Void) async throws {
        let service = try await ServiceContext.fixture()
        _ = try await service.submit("first")
        try await body(service)
        try await service.pool.close()
    }

    @Test func `what an earlier owner finished is given back and not done again`() async throws {
        try await withTask { service in
            let done = Recorder<Int>()
            for owner in 1...3 {
                let (result, wasReplayed) = try await RunJournal(service.claimPlan()).perform(push) { _ in
                    done.record(owner)
                    return JournalOutcome(["owner": .int(owner)])
                }
                #expect(result == ["owner": 1])
                #expect(wasReplayed == (owner > 1))
            }
            #expect(done.elements == [1])
        }
    }

    @Test func `who repeats an effect of unknown outcome is told that it was begun before`() async throws {
        try await withTask { service in
            let begun = Recorder<Bool>()
            for _ in 1...2 {
                let journal = try await RunJournal(service.claimPlan())
                await #expect(throws: Lost.self) {
                    _ = try await journal.perform(push) { wasBegun in
                        begun.record(wasBegun)
                        throw Lost()
                    }
                }
            }
            #expect(begun.elements == [false, true])
        }
    }

    @Test func `an effect is not begun when the lease may have ended while the intent was written`() async throws {
        let service = try await ServiceContext.fixture(concurrency: 1, ["LEASE_SECONDS": "1"])
        _ = try await service.submit("first")
        let context = try await service.claimPlan()
        let journal = try await RunJournal(context)
        let isLocked = Promise<Void>()
        // For the intent it makes no difference who stands still, the database or this process.
        async let holder = service.pool.transaction { connection in
            _ = try connection.execute("select from stage_runs for update")
            isLocked.succeed(())
            return try connection.execute("select pg_sleep(2)").count
        }
        try await isLocked.value()
        let begun = Recorder<Bool>()
        await #expect(throws: StoreError.leaseLost) {
            _ = try await journal.perform(push) { wasBegun in
                begun.record(wasBegun)
                return JournalOutcome(true)
            }
        }
        #expect(try await holder == 1)
        #expect(begun.elements.isEmpty && !context.isHeld)
        try await service.pool.close()
    }

    @Test func `nothing waits between the intent, which makes the lease whole, and the effect`() async throws {
        try await withTask { service in
            let rows = { @Sendable in
                try await service.pool.withConnection { try $0.execute("select from journal").count }
            }
            let context = try await service.claimPlan()
            let begun = ContinuousClock.now
            _ = try await RunJournal(context).perform(push, after: rows) { before, _ in
                let during = try await rows()
                #expect(before == 0 && during == 1)
                #expect(context.control.lastHeld > begun)
                return JournalOutcome(true)
            }
        }
    }

    @Test(arguments: [
        JournalRequest(.push, name: "refs/heads/feat/x", hash: "none..2", hasIntent: true),
        JournalRequest(.push, name: "refs/heads/feat/y", hash: "none..1", hasIntent: true),
        JournalRequest(.fact, name: "refs/heads/feat/x", hash: "none..1"),
    ])
    func `the result of another request is never taken`(_ other: JournalRequest) async throws {
        try await withTask { service in
            _ = try await RunJournal(service.claimPlan()).perform(push) { _ in JournalOutcome(true) }
            let journal = try await RunJournal(service.claimPlan())
            let mismatch = await #expect(throws: JournalMismatch.self) {
                _ = try await journal.perform(other) { _ in
                    Issue.record("another request was carried out")
                    return JournalOutcome(true)
                }
            }
            #expect(mismatch?.description.contains("step 0") == true)
        }
    }

    /// Takes another step than the one that is recorded, in every generation but the last.
    private struct Handler: StageHandler {
        let kind = StepKind.plan
        let lastGeneration: Int

        func run(_ context: StageContext) async throws -> StageEnd {
            let journal = try await RunJournal(context)
            let name = context.run.key.generation < lastGeneration ? "other" : "same"
            _ = try await journal.keep(JournalRequest(.fact, name: name), JournalOutcome(true))
            return .failed(StageFailure(.stuck, "stuck"), WorkflowChanges())
        }
    }

    /// Has the stage run, with something recorded that does not fit, until its task ends.
    private func end(_ service: ServiceContext, lastGeneration: Int) async throws -> StatusSnapshot {
        var snapshot: StatusSnapshot?
        for _ in 0...TaskStore.freshBeginnings where snapshot?.final == nil {
            let context = try await service.claimPlan()
            _ = try await RunJournal(context).keep(JournalRequest(.fact, name: "same"), JournalOutcome(true))
            let run = try await service.claimPlan().run
            await StageRunner(service, Handler(lastGeneration: lastGeneration), run, Heartbeats(service)).execute()
            snapshot = try await service.store.snapshot(context.record.address)
        }
        return try #require(snapshot)
    }

    @Test func `a stage whose journal does not fit begins afresh as a new generation`() async throws {
        try await withTask { service in
            let snapshot = try await end(service, lastGeneration: 1)
            #expect(snapshot.status == .ended(.stuck))
            let generations = try await service.pool.withConnection { connection in
                try connection.execute("select generation from stage_runs where slot = 'step' order by generation")
                    .map { try $0.get("generation", as: Int.self) }
            }
            #expect(generations == [0, 1])
        }
    }

    @Test func `a journal that never fits ends the task as an internal error that says so`() async throws {
        try await withTask { service in
            let snapshot = try await end(service, lastGeneration: .max)
            #expect(snapshot.status == .ended(.internalError))
            #expect(snapshot.final?.errorMessage?.contains("begun afresh too often") == true)
        }
    }

    private let command = JournalRequest(.toolCall, name: "run_shell_command", hash: "1", waits: true)
    private static let event = EventDraft(type: .implementationStep, message: "m", details: [:])

    /// The steps that are recorded as done, and the newest event's number.
    private struct Recorded: Sendable, Equatable {
        var steps: Int
        var seq: Int

        func and(_ steps: Int, _ events: Int) -> Recorded { Recorded(steps: self.steps + steps, seq: seq + events) }
    }

    private func recorded(_ context: StageContext) async throws -> Recorded {
        let journal = try await context.service.store.journal(of: context.run.key)
        let record = try #require(try await context.service.store.workflow(context.record.workflowID))
        return Recorded(steps: journal.filter(\.isDone).count, seq: record.lastSeq)
    }

    @Test func `what may wait is recorded before the next effect begins, with its intent if it has one`() async throws {
        try await withTask { service in
            let context = try await service.claimPlan()
            let journal = try await RunJournal(context)
            let before = try await recorded(context)
            context.hold(RunRecord([Self.event]))
            for _ in 1...2 {
                _ = try await journal.perform(command) { _ in JournalOutcome(true, events: [Self.event]) }
            }
            // The second command has had the first one recorded, and what came before.
            let during = try await recorded(context)
            #expect(during == before.and(1, 2))
            _ = try await journal.perform(push) { _ in
                let atLast = try await recorded(context)
                #expect(atLast == before.and(2, 3))
                return JournalOutcome(true)
            }
        }
    }

    /// Leaves what may wait, and ends as it is told to.
    private struct Holding: StageHandler {
        let kind = StepKind.plan
        let request: JournalRequest
        let failure: StageFailure?

        func run(_ context: StageContext) async throws -> StageEnd {
            let outcome = JournalOutcome(true, events: [RunJournalTests.event])
            _ = try await RunJournal(context).keep(request, outcome)
            if let failure { throw failure }
            let plan = ImplementationPlan(goal: "g", steps: [])
            return .finished(StepResult(.succeeded, output: PlanOutput(plan: plan)))
        }
    }

    @Test(arguments: [nil, StageFailure(.internalError, "broken", isRetriable: true), StageFailure(.stuck, "stuck")])
    func `what waits when a run ends is recorded, however it ends`(_ failure: StageFailure?) async throws {
        try await withTask { service in
            let context = try await service.claimPlan()
            let before = try await recorded(context)
            await StageRunner(
                service, Holding(request: command, failure: failure), context.run, Heartbeats(service)
            ).execute()
            let after = try await recorded(context)
            #expect(after.steps == before.steps + 1 && after.seq > before.seq)
        }
    }

    @Test func `a run that lost its lease records nothing of what waits`() async throws {
        try await withTask { service in
            let context = try await service.claimPlan()
            context.hold(RunRecord([Self.event]))
            let other = try await service.claimPlan()
            let before = try await recorded(other)
            await #expect(throws: StoreError.leaseLost) { try await context.keep() }
            let after = try await recorded(other)
            #expect(after == before)
        }
    }
}
