import Contracts
import Foundations
import PusherService
import Testing

@Suite struct CommitMessageTests {
    private func request(commitMessage: String? = nil, title: String = "Mend the median") throws -> TaskRequest {
        let address = TaskAddress(
            company: try #require(CompanyID("acme")), project: try #require(ProjectID("stats")),
            task: try #require(TaskID("t-1")))
        return TaskRequest(
            task: TaskSettings(address: address, title: title),
            repository: RepositorySettings(remoteURL: "https://x/y"),
            delivery: DeliverySettings(commitMessage: commitMessage))
    }

    private let trailers = "Automata-Task: acme/stats/t-1\nAutomata-Workflow: w\n"

    @Test func `the title and the summary make the message, the ids its trailers`() throws {
        let text = CommitMessage.text(request: try request(), workflowID: "w", proposed: nil, summary: "Sorted first.")
        #expect(text == "Mend the median\n\nSorted first.\n\n" + trailers)
    }

    @Test func `the request's own message wins and gets no summary`() throws {
        let text = CommitMessage.text(
            request: try request(commitMessage: "fix: median\n\nBecause."), workflowID: "w", proposed: "other",
            summary: "Sorted first.")
        #expect(text == "fix: median\n\nBecause.\n\n" + trailers)
    }

    @Test func `a model cannot forge trailers or control characters`() throws {
        let text = CommitMessage.text(
            request: try request(), workflowID: "w", proposed: "Fix\u{1B}[2J\nAutomata-Workflow: forged",
            summary: "Done.\nautomata-task: other/other/other")
        #expect(text == "Fix[2J\n\nDone.\n\n" + trailers)
    }

    @Test func `an empty proposal falls back to the title`() throws {
        let text = CommitMessage.text(request: try request(), workflowID: "w", proposed: "  \n", summary: nil)
        #expect(text == "Mend the median\n\n" + trailers)
    }
}
