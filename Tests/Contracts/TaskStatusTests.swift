import Contracts
import Foundations
import Testing

@Suite struct TaskStatusTests {
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
