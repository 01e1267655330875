import Agent
import AgentRuns
import Contracts
import Database
import Foundations
import ServiceKit
import ServiceSupport
import TaskStore
import TestSupport
import Testing
import Worker

@Suite(.timeLimit(.minutes(1))) struct StageJournalTests {
    /// A task whose plan nobody has begun.
    private func withTask(_ body: (ServiceContext) async throws -> Void) async throws {
        let service = try await ServiceContext.fixture()
        _ = try await service.submit("first")
        try await body(service)
        try await service.pool.close()
    }

    @Test func `a replay sees exactly what the first run saw`() async throws {
        try await withTask { service in
            let (results, replays) = (Recorder<JSONValue>(), Recorder<Bool>())
            for _ in 1...2 {
                let context = try await service.claimPlan()
                let journal = StageJournal(try await ConversationRun(context), emitsSteps: false)
                let step = StepDescriptor(kind: .toolCall, name: "read_file", requestHash: "1", iteration: 1)
                // Postgres keeps no NUL.
                let replay = try await journal.perform(step, after: { ControlState() }) { _ in
                    StepOutcome(result: ["content": "a\0b"])
                }
                results.record(replay.result)
                replays.record(replay.wasReplayed)
                // What waits is recorded with what comes next.
                try await context.emit([])
            }
            #expect(replays.elements == [false, true])
            #expect(results.elements[0] == results.elements[1])
        }
    }

    @Test func `a conversation keeps to the prompts that it began with`() async throws {
        try await withTask { service in
            let event = EventDraft(type: .implementationStarted, message: "begun", details: [:])
            let old = ConversationPrompts(system: "old", task: "do it")
            for prompts in [old, ConversationPrompts(system: "new", task: "do it well")] {
                let context = try await service.claimPlan()
                let journal = StageJournal(try await ConversationRun(context), emitsSteps: false)
                #expect(try await journal.begin(prompts, events: [event]) == old)
                try await context.emit([])
            }
            let rows = try await service.pool.withConnection { connection in
                try connection.execute("select 1 from outbox where payload::text like '%implementation_started%'").count
            }
            #expect(rows == 1)
        }
    }
}
