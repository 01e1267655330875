import Contracts
import Foundation
import Foundations
import Synchronization
import Testing

@testable import NotifierService
@testable import TaskStore

@Suite struct CheckpointTests {
    private let record = MemoryCheckpoints()
    private let outlet = MemoryOutlet()

    private func look(days: Int = 7) async throws {
        try await CheckpointWriter(record: record, outlet: outlet, days: days, logger: .silent).run()
    }

    @Test func `work rests when a checkpoint is due, and its report is written once nothing runs`() async throws {
        record.state.withLock { $0.isDue = true }
        try await look()
        #expect(record.state.withLock { $0.pauses.map(\.standing) } == [.halting])
        #expect(outlet.subjects.isEmpty)
        record.state.withLock { $0.isAtRest = true }
        for _ in 0..<3 { try await look() }
        #expect(outlet.subjects == ["checkpoint"])
        record.state.withLock { state in
            #expect(state.pauses.map(\.standing) == [.reached] && state.reports.count == 1)
            #expect(state.reports[0].markdown.contains("2 of 2 tasks ended with success"))
            #expect(state.reports[0].actor == "schedule" && state.events[0].reportID == state.reports[0].id.text)
            #expect(state.events[0].tasksEnded == 2 && state.events[0].costUSD == 4)
        }
    }

    @Test func `what somebody asked for is written too, and nothing is due with 0 days`() async throws {
        record.state.withLock { state in
            state.isDue = true
            state.isAtRest = true
        }
        try await look(days: 0)
        #expect(record.state.withLock { $0.pauses }.isEmpty)
        let acme = PausePlace.company(CompanyID(validated: "acme"))
        record.state.withLock {
            $0.pauses = [.sample(acme, .halting, by: "ann"), .sample(.platform, .paused, by: "bob")]
        }
        try await look(days: 0)
        #expect(record.state.withLock { $0.reports.map(\.place) } == [acme])
        #expect(record.state.withLock { $0.pauses.map(\.standing) } == [.reached, .paused])
    }
}

/// What a chat is told.
@Suite struct ChatLineTests {
    private func event(
        _ type: EventType, company: String = "acme", _ message: String, _ details: JSONValue = [:],
        age: TimeInterval = 0
    ) -> Event {
        let address = TaskAddress(
            company: CompanyID(validated: company), project: ProjectID(validated: "web"),
            task: TaskID(validated: "fix"))
        return Event(
            seq: 1, workflowID: "w", address: address, type: type, message: message, details: details,
            timestamp: Date() - age)
    }

    @Test func `each kind of event has its line`() {
        let ended = event(.workflowCompleted, "Pushed", ["branch_name": "feat/x"])
        #expect(ChatLine.text(ended) == "✅ acme/web/fix on `feat/x`: Pushed")
        #expect(ChatLine.text(event(.workflowFailed, "It is stuck")) == "❌ acme/web/fix: It is stuck")
        let approval = event(.approvalRequested, "Waiting for approval of the push", ["summary": "2 files\nchanged"])
        #expect(ChatLine.text(approval) == "✋ acme/web/fix: Waiting for approval of the push: 2 files changed")
        #expect(ChatLine.text(event(.budgetAlert, "80 % of the budget is used")).hasPrefix("💰 acme/web/fix: 80 %"))
        #expect(ChatLine.text(event(.checkpointReached, "Reached")) == "🏁 acme: Reached")
        #expect(ChatLine.text(event(.checkpointReached, company: "-", "Reached")) == "🏁 the platform: Reached")
    }

    @Test func `of what is old only ends are told`() {
        #expect(ChatLine.isNews(event(.workflowFailed, "m", age: 200_000), at: Date()))
        #expect(!ChatLine.isNews(event(.budgetAlert, "m", age: 200_000), at: Date()))
        #expect(ChatLine.isNews(event(.budgetAlert, "m", age: 60), at: Date()))
    }
}
