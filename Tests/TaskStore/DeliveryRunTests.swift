import Contracts
import Database
import Foundation
import Foundations
import Testing

@testable import TaskStore

/// Deliveries are runs in slots of their own: what concerns the steps of a workflow passes them by.
@Suite(.timeLimit(.minutes(5))) struct DeliveryRunTests {
    /// A task that ended, whose webhook is still to be delivered.
    @discardableResult
    private func ended(_ fixture: Fixture, _ task: String = "t1") async throws -> UUID {
        let id = try await fixture.submit(task) { $0.delivery.webhookURL = "https://example.org/\(task)" }
        _ = try await fixture.store.end(workflow: id, as: .stuck)
        return id
    }

    private func take(_ fixture: Fixture, lease: Duration = lease) async throws -> [WebhookDelivery] {
        try await fixture.store.claimWebhooks(owner: fixture.owner, lease: lease).deliveries
    }

    private func items(_ what: String, _ fixture: Fixture) async throws -> [JSONValue] {
        try await fixture.store.page(QueryRequest(what), in: .platform)?.items ?? []
    }

    @Test func `a workflow that goes on has one open step beside the delivery of its first end`() async throws {
        try await withStore { fixture in
            let id = try await ended(fixture)
            let name = try address("t1")
            _ = try await fixture.store.control(name, .retry)
            #expect(try await items("queue", fixture).map { $0["kind"] } == ["plan"])
            #expect(try await fixture.store.snapshot(name)?.waitsFor == "worker")
            _ = try await fixture.store.control(name, .pause)
            #expect(try await fixture.store.snapshot(name)?.waitsFor == "pause")
            #expect(try await take(fixture).map(\.workflowID) == [id])
            _ = try await fixture.store.control(name, .resume)
            try await fixture.store.finish(try await fixture.claim().claim)
            #expect(try await items("queue", fixture).map { $0["kind"] } == ["implementation"])
            _ = try await fixture.store.control(name, .cancel)
            #expect(try await fixture.status(id) == .ended(.cancelled))
            // Two ends, two messages.
            #expect(try await take(fixture).count == 1)
            #expect(try await items("webhooks", fixture).map { $0["status"] } == ["pending", "pending"])
        }
    }

    @Test func `a delivery counts for no limit and for no depth of the queue`() async throws {
        try await withStore { fixture in
            try await ended(fixture)
            #expect(try await take(fixture).count == 1)
            try await fixture.store.set(CompanyLimit(company: "acme", maxRunning: 1))
            try await fixture.submit("t2")
            #expect(try await fixture.store.snapshot(address("t2"))?.waitsFor == "worker")
            _ = try await fixture.claim()
            let backlog = try await fixture.store.backlog(limit: 10)
            #expect(backlog.runs.map(\.stage) == ["plan"] && backlog.runs.map(\.state) == ["leased"])
            #expect(backlog.webhooks == .init(count: 1, oldest: 0))
        }
    }

    @Test func `a lease that ended is another bridge's, and no reconciler's`() async throws {
        try await withStore { fixture in
            let id = try await ended(fixture)
            let first = try #require(try await take(fixture, lease: .zero).first)
            #expect(try await fixture.store.backlog(limit: 10).webhooks.oldest > 0)
            #expect(try await fixture.store.returnExpiredLeases().isEmpty)
            #expect(try await fixture.store.reannounceReady(olderThan: .zero).allSatisfy { $0.workflowID != id })
            let second = try #require(try await take(fixture).first)
            #expect(second.id == first.id && second.lease.epoch == first.lease.epoch + 1)
            #expect(second.attempts == 0)
        }
    }

    @Test func `a delivery whose last try failed is dead until a person has it sent again`() async throws {
        try await withStore { fixture in
            try await ended(fixture)
            let attempt = WebhookAttempt(statusCode: 503, error: nil, durationMilliseconds: 1)
            let first = try #require(try await take(fixture).first)
            try await fixture.store.recordAttempt(first, .dead, attempt, endpoint: first.url)
            #expect(try await take(fixture).isEmpty)
            var listed = try #require(try await items("webhooks", fixture).first)
            #expect(listed["status"] == "dead" && listed["last_error"] == "status 503" && listed["attempts"] == 1)
            #expect(listed["completed_at"] != .null && listed["next_attempt_at"] == .null)
            _ = try await fixture.store.control(try address("t1"), .replayWebhook(id: first.id))
            let again = try #require(try await take(fixture).first)
            #expect(again.id == first.id && again.attempts == 0 && again.lease.epoch > first.lease.epoch)
            let done = WebhookAttempt(statusCode: 200, error: nil, durationMilliseconds: 1)
            try await fixture.store.recordAttempt(again, .delivered, done, endpoint: first.url)
            listed = try #require(try await items("webhooks", fixture).first)
            #expect(listed["status"] == "delivered" && listed["last_error"] == .null)
            #expect(try await items("attempts", fixture).count == 2)
        }
    }
}
