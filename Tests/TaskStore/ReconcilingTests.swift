import Contracts
import Database
import Foundation
import Foundations
import Testing

@testable import TaskStore

@Suite(.timeLimit(.minutes(5)))
struct ReconcilingTests {
    private func publishAll(_ fixture: Fixture) async throws {
        let highest = try await fixture.store.brokerState(of: "S").highestSequence
        let all = try await fixture.store.unpublished(olderThan: .zero)
        try await fixture.store.markPublished(
            all.enumerated().map { PublishedMessage(id: $1.id, streamSequence: UInt64(highest) + UInt64($0) + 1) })
    }

    @Test func `an expired lease returns and is announced under a new id`() async throws {
        try await withStore { fixture in
            try await fixture.submit("t1")
            let dead = try await fixture.claim(lease: .zero)
            try await publishAll(fixture)
            let messages = try await fixture.store.returnExpiredLeases()
            #expect(messages.count == 1 && messages.first?.subject.hasSuffix(".plan_requested") == true)
            #expect(try await fixture.value("select count(distinct event_id) as value from outbox") == 3)
            #expect(try await fixture.store.returnExpiredLeases().isEmpty)
            let run = try await fixture.claim()
            #expect(run.claim.epoch == dead.claim.epoch + 1 && run.attempt == 2)
            #expect(run.lastError == "the lease expired")
        }
    }

    @Test func `a lease in force is left alone`() async throws {
        try await withStore { fixture in
            try await fixture.submit("t1")
            let run = try await fixture.claim()
            #expect(try await fixture.store.returnExpiredLeases().isEmpty)
            _ = try await fixture.store.heartbeat(run.claim, lease: lease)
        }
    }

    @Test func `a ready run that nobody takes is announced again, once at a time`() async throws {
        try await withStore { fixture in
            try await fixture.submit("t1")
            #expect(try await fixture.store.reannounceReady(olderThan: .zero).isEmpty)
            try await publishAll(fixture)
            #expect(try await fixture.store.reannounceReady(olderThan: .seconds(60)).isEmpty)
            #expect(try await fixture.store.reannounceReady(olderThan: .zero).count == 1)
            #expect(try await fixture.store.reannounceReady(olderThan: .zero).isEmpty)
        }
    }

    @Test func `a delayed run is announced when it is due`() async throws {
        try await withStore { fixture in
            try await fixture.submit("t1")
            try await publishAll(fixture)
            _ = try await fixture.store.release(try await fixture.claim().claim, after: .seconds(60), error: "busy")
            #expect(try await fixture.store.reannounceReady(olderThan: .seconds(3600)).isEmpty)
            try await fixture.run("update stage_runs set run_at = now()")
            #expect(try await fixture.store.reannounceReady(olderThan: .seconds(3600)).count == 1)
        }
    }

    @Test func `a workflow beyond its time limit ends`() async throws {
        try await withStore { fixture in
            let queued = try await fixture.submit("queued")
            let waiting = try await fixture.submit("waiting", dependencies: ["never"])
            try await fixture.run("update tasks set deadline_at = now() - interval '10 seconds'")
            _ = try await fixture.store.endOverdue()
            for id in [queued, waiting] { #expect(try await fixture.status(id) == .ended(.timedOut)) }
        }
    }

    @Test func `an owner has time to end an overdue workflow itself, then it is ended`() async throws {
        try await withStore { fixture in
            try await fixture.submit("t1")
            let run = try await fixture.claim()
            try await fixture.run("update tasks set deadline_at = now() - interval '10 seconds'")
            #expect(try await fixture.store.heartbeat(run.claim, lease: lease).deadlinePassed)
            #expect(try await fixture.store.endOverdue(grace: .seconds(60)).isEmpty)
            #expect(try await !fixture.store.endOverdue(grace: .seconds(5)).isEmpty)
            let error = try await storeError { _ = try await fixture.store.heartbeat(run.claim, lease: lease) }
            #expect(error == .leaseLost)
        }
    }

    @Test func `each pass is bounded`() async throws {
        try await withStore { fixture in
            for task in 0..<6 { try await fixture.submit("t\(task)") }
            for _ in 0..<3 { _ = try await fixture.claim(lease: .zero) }
            try await fixture.run("update stage_runs set lease_until = now() where state = 'leased'")
            try await publishAll(fixture)
            let open = try await fixture.value(
                "select count(*) as value from stage_runs where state = 'leased'", as: Int.self)
            #expect(try await fixture.store.returnExpiredLeases(limit: 1).count == min(1, open ?? 0))
            try await publishAll(fixture)
            #expect(try await fixture.store.reannounceReady(olderThan: .zero, limit: 2).count == 2)
            try await fixture.run("update tasks set deadline_at = now() - interval '1 second'")
            _ = try await fixture.store.endOverdue(limit: 2)
            #expect(
                try await fixture.value("select count(*) as value from tasks where finished_at is not null") == 2)
        }
    }

    @Test func `several reconcilers at once return each lease once`() async throws {
        try await withStore(connections: 8) { fixture in
            for task in 0..<10 { try await fixture.submit("t\(task)") }
            for _ in 0..<10 { _ = try await fixture.claim() }
            try await fixture.run("update stage_runs set lease_until = now()")
            try await publishAll(fixture)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 { group.addTask { _ = try await fixture.store.returnExpiredLeases() } }
                try await group.waitForAll()
            }
            _ = try await fixture.store.returnExpiredLeases()
            let triggers: Int? = try await fixture.value(
                "select count(*) as value from outbox where seq is null and published_at is null")
            #expect(triggers == 10)
        }
    }
}
