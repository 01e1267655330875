import Contracts
import Database
import Foundation
import Foundations
import Testing

@testable import TaskStore

@Suite(.timeLimit(.minutes(5)))
struct WebhookTests {
    private let attempt = WebhookAttempt(
        statusCode: 500, error: "down", durationMilliseconds: 12, responseExcerpt: "no\0")

    private func ended(_ fixture: Fixture, url: String? = "https://example.org/hook") async throws {
        let id = try await fixture.submit("t1") { $0.delivery.webhookURL = url }
        _ = try await fixture.store.end(workflow: id, as: .stuck, error: "loop")
    }

    /// Has a message of a task delivered again. Returns the code if that is refused.
    private func replay(_ id: String, of task: String = "t1", _ fixture: Fixture) async throws -> String? {
        let outcome = try await fixture.store.control(try address(task), .replayWebhook(id: id))
        guard case .refused(let code, _) = outcome else { return nil }
        return code
    }

    private func take(_ fixture: Fixture, lease: Duration = lease) async throws -> WebhookDelivery? {
        try await fixture.store.claimWebhooks(owner: fixture.owner, lease: lease, defaultURL: "https://platform")
            .deliveries.first
    }

    @Test func `a message is retried until it is delivered, with one id and the same bytes`() async throws {
        try await withStore { fixture in
            try await ended(fixture)
            let first = try #require(try await take(fixture))
            #expect(try await take(fixture) == nil)
            try await fixture.store.recordAttempt(first, .retry(after: .zero), attempt, endpoint: first.url)
            let second = try #require(try await take(fixture))
            #expect(second.id == first.id && second.payload == first.payload && second.attempts == 1)
            try await fixture.store.recordAttempt(second, .retry(after: .seconds(60)), attempt, endpoint: first.url)
            #expect(try await take(fixture) == nil)
            try await fixture.run("update stage_runs set run_at = now() where state = 'ready'")
            let third = try #require(try await take(fixture))
            try await fixture.store.recordAttempt(third, .delivered, attempt, endpoint: first.url)
            #expect(try await take(fixture) == nil)
            #expect(try await fixture.value("select count(*) as value from webhook_attempts") == 3)
        }
    }

    @Test func `the id is the last event's`() async throws {
        try await withStore { fixture in
            try await ended(fixture)
            let event: String? = try await fixture.value(
                "select event_id::text as value from outbox where seq is not null order by id desc limit 1")
            #expect(try await take(fixture)?.id == event)
        }
    }

    @Test func `a bridge that lost its lease records nothing`() async throws {
        try await withStore { fixture in
            try await ended(fixture)
            let zombie = try #require(try await take(fixture, lease: .zero))
            let next = try #require(try await take(fixture))
            let error = try await storeError {
                try await fixture.store.recordAttempt(zombie, .delivered, attempt, endpoint: nil)
            }
            #expect(error == .leaseLost)
            try await fixture.store.recordAttempt(next, .dead, attempt, endpoint: next.url)
        }
    }

    @Test func `a disabled endpoint gets no more until a person replays`() async throws {
        try await withStore { fixture in
            try await ended(fixture, url: nil)
            let first = try #require(try await take(fixture))
            #expect(first.url == nil)
            try await fixture.store.recordAttempt(
                first, .endpointDisabled(reason: "410"), attempt, endpoint: "https://platform")
            let other = try await fixture.submit("t2")
            _ = try await fixture.store.end(workflow: other, as: .stuck)
            #expect(try await take(fixture) == nil)
            let states: [String] = try await fixture.values(
                "select state as value from stage_runs where kind = 'webhook'")
            #expect(states == ["cancelled", "cancelled"])
            #expect(try await replay(first.id, fixture) == nil)
            #expect(try await take(fixture)?.id == first.id)
            #expect(try await replay("none", fixture) == "not_found")
            #expect(try await replay(first.id, of: "t2", fixture) == "not_found")
        }
    }

    @Test func `a replay takes the message from whoever holds it`() async throws {
        try await withStore { fixture in
            try await ended(fixture)
            let held = try #require(try await take(fixture))
            #expect(try await replay(held.id, fixture) == nil)
            let error = try await storeError {
                try await fixture.store.recordAttempt(held, .dead, attempt, endpoint: nil)
            }
            #expect(error == .leaseLost)
            #expect(try await take(fixture)?.id == held.id)
        }
    }

    @Test func `without any URL there is no message`() async throws {
        try await withStore(webhookByDefault: false) { fixture in
            try await ended(fixture, url: nil)
            #expect(try await take(fixture) == nil)
        }
    }

    @Test func `a lease is extended for as long as its owner delivers, and for nobody else`() async throws {
        try await withStore { fixture in
            try await ended(fixture)
            let first = try #require(try await take(fixture, lease: .zero))
            let foreign = RunLease(run: first.lease.run, owner: UUID(), epoch: first.lease.epoch)
            #expect(try await fixture.store.heartbeat([foreign], lease: lease).isEmpty)
            let second = try #require(try await take(fixture, lease: .zero))
            #expect(second.lease.epoch == first.lease.epoch + 1)
            #expect(try await fixture.store.heartbeat([first.lease], lease: lease).isEmpty)
            let third = try #require(try await take(fixture, lease: .zero))
            let held = try await fixture.store.heartbeat([third.lease, first.lease], lease: lease)
            #expect(held.keys.map(\.self) == [third.lease])
            #expect(try await take(fixture) == nil)
        }
    }

    @Test func `what a bridge is delivering it does not take again`() async throws {
        try await withStore { fixture in
            try await ended(fixture)
            let first = try #require(try await take(fixture, lease: .zero))
            var places = WebhookPlaces(8)
            places.take(first)
            let again = try await fixture.store.claimWebhooks(owner: fixture.owner, lease: lease, places: places)
            #expect(again.deliveries.isEmpty)
            #expect(try await take(fixture)?.id == first.id)
        }
    }

    @Test func `two bridges share the messages`() async throws {
        try await withStore { fixture in
            for task in 0..<8 {
                let id = try await fixture.submit("t\(task)")
                _ = try await fixture.store.end(workflow: id, as: .stuck)
            }
            let taken = try await withThrowingTaskGroup(of: [String].self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        try await fixture.store.claimWebhooks(owner: UUID(), lease: lease, places: WebhookPlaces(8))
                            .deliveries.map(\.id)
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(taken.count == Set(taken).count)
        }
    }
}
