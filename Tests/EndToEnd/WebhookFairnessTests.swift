import Contracts
import Database
import Foundation
import Foundations
import JetStream
import Messaging
import PlatformSupport
import TaskStore
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(3))) struct WebhookFairnessTests {
    /// Ends a task whose webhook goes to `url`, and tells the bus of it as a service does.
    private func end(_ platform: Platform, _ company: String, _ task: String, url: String) async throws {
        let store = TaskStore(pool: platform.pool)
        let address = TaskAddress(
            company: try #require(CompanyID(company)), project: try #require(ProjectID("web")),
            task: try #require(TaskID(task)))
        var request = TaskRequest(
            task: TaskSettings(address: address, title: task), repository: RepositorySettings(remoteURL: "https://x/y"))
        request.delivery.webhookURL = url
        let outcome = try await store.submit(Submission(request: request, contentHash: task))
        guard case .accepted(let id, _) = outcome else { throw CancellationError() }
        for message in try await store.end(workflow: id, as: .stuck) {
            _ = try await platform.bus.publish(
                BusMessage(subject: message.subject, headers: message.headers, payload: message.payload),
                messageID: message.eventID.text)
        }
    }

    @Test func `receivers that hang hold up no other company, and no other endpoint of theirs`() async throws {
        var settings = PlatformSettings(roles: [])
        settings.kinds = [.notifier, .webhookBridge]
        try await Platform.with(settings) { platform in
            let slow = try await HTTPStub { _ in .hang }
            for number in 0..<300 {
                try await end(platform, "slow", "t\(number)", url: "\(slow.url)/\(number)")
            }
            try await slow.waitFor(32)
            for company in ["slow", "other"] {
                let url = platform.sink.url(.accepts, company)
                try await end(platform, company, "last", url: url)
                // An attempt at a receiver that hangs takes 15 s, and all of them ten rounds.
                let request = try await platform.sink.first(to: url, within: .seconds(10))
                #expect(try platform.sink.verified(request).data.companyID == company)
                #expect(try await underWay(platform, at: slow) <= 32)
            }
        }
    }

    /// How many webhooks a bridge delivers to `receiver` right now. Requests that came tell nothing: a slow machine sees
    /// those of the next round as well.
    private func underWay(_ platform: Platform, at receiver: HTTPStub) async throws -> Int {
        try await platform.pool.withConnection { connection in
            try connection.execute(
                """
                select count(*)::int as count from stage_runs r join webhook_messages m on m.id = r.slot
                where r.owner is not null and m.url like \(receiver.url + "/%")
                """
            ).first?.get("count") ?? 0
        }
    }
}
