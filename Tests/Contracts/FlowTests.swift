import Contracts
import Foundations
import Testing

@Suite struct FlowTests {
    @Test func `each stage has one row with a trigger and a consumer of its own`() {
        #expect(Flow.rows.map(\.stage) == Stage.allCases)
        #expect(Set(Flow.rows.map(\.trigger)).count == Stage.allCases.count)
        #expect(Set(Flow.rows.map(\.consumer)).count == Stage.allCases.count)
        for stage in Stage.allCases { #expect(Flow.row(stage).stage == stage) }
    }

    @Test func `every stage can be reached from the first, and the last leads nowhere`() {
        var reached: Set<Stage> = [Flow.first]
        for _ in Stage.allCases { reached.formUnion(reached.flatMap { Flow.row($0).next }) }
        #expect(reached == Set(Stage.allCases))
        #expect(Flow.rows.filter(\.next.isEmpty).map(\.stage) == [.push])
    }

    @Test func `consumers do not share a name with those of other messages`() {
        let others = [StreamNames.intake, StreamNames.webhookCompleted, StreamNames.webhookFailed]
        #expect(Set(Flow.rows.map(\.consumer) + others).count == Flow.rows.count + others.count)
        #expect((Flow.rows.map(\.consumer) + others).allSatisfy { TaskID.accepts($0) })
    }

    @Test func `success is completed and completed_no_changes alone, and decides the last event`() {
        for status in TerminalStatus.allCases {
            #expect(status.isSuccess == ["completed", "completed_no_changes"].contains(status.rawValue))
            #expect(status.event == (status.isSuccess ? .workflowCompleted : .workflowFailed))
            #expect(status.event.isTerminal)
        }
    }

    @Test func `a status is the same after writing and reading`() throws {
        let open: [TaskStatus] = [.queued, .running, .paused, .awaitingApproval]
        for status in open + TerminalStatus.allCases.map(TaskStatus.ended) {
            #expect(TaskStatus(rawValue: status.rawValue) == status)
            #expect(try JSON.decode([TaskStatus].self, from: JSON.encode([status])) == [status])
            #expect(status.isTerminal != open.contains(status))
        }
        #expect(TaskStatus(rawValue: "done") == nil)
    }
}
