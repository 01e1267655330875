import Contracts
import Database
import Foundation
import Foundations
import Testing

@testable import TaskStore

@Suite(.timeLimit(.minutes(5))) struct ReplicaTests {
    private func replica(
        _ name: String = "planner-1", owner: UUID = UUID(), service: ServiceKind = .planner,
        state: Replica.State = .running
    ) -> Replica {
        Replica(
            owner: owner, service: service, name: name, version: "1.0", places: service == .notifier ? nil : 4,
            startedAt: Date(), state: state)
    }

    private func items(_ fixture: Fixture) async throws -> [JSONValue] {
        try #require(try await fixture.store.page(QueryRequest("replicas"), in: .platform)).items
    }

    @Test func `a replica shows what it is, what it runs and since when`() async throws {
        try await withStore { fixture in
            try await fixture.submit("t1")
            let run = try await fixture.claim()
            #expect(try await fixture.store.show(replica(owner: fixture.owner)) == ReplicaOrders(.run))
            #expect(try await fixture.store.show(replica("notifier-1", service: .notifier)) == ReplicaOrders(.run))
            let items = try await items(fixture)
            #expect(items.map { $0["name"] } == ["notifier-1", "planner-1"])
            #expect(items[0]["places"] == .null && items[0]["runs"] == [])
            #expect(items[1]["service"] == "planner" && items[1]["places"] == 4 && items[1]["status"] == "running")
            let held = try #require(items[1]["runs"]?.arrayValue?.first)
            #expect(held["task_id"] == "t1" && held["kind"] == "plan" && held["company_id"] == "acme")
            #expect(held["since"]?.stringValue.flatMap(Timestamp.date) != nil)
            #expect(held["workflow_id"] == .string(run.key.workflowID.text))
        }
    }

    @Test func `what a replica did and failed at is counted from the record`() async throws {
        try await withStore { fixture in
            _ = try await fixture.store.show(replica(owner: fixture.owner))
            try await fixture.submit("t1")
            _ = try await fixture.store.release(try await fixture.claim().claim, error: "the model is away")
            _ = try await fixture.store.release(try await fixture.claim().claim)
            _ = try await fixture.store.finish(try await fixture.claim().claim)
            try await fixture.submit("t2")
            _ = try await fixture.store.end(try await fixture.claim().claim, as: .stuck, error: "in circles")
            try await fixture.submit("t3")
            _ = try await fixture.store.end(try await fixture.claim().claim, as: .cancelled, error: "on request")
            // It falls silent.
            try await fixture.submit("t4")
            _ = try await fixture.claim(lease: .zero)
            _ = try await fixture.store.returnExpiredLeases()
            let item = try #require(try await items(fixture).first)
            #expect(item["finished"] == 3 && item["failed"] == 3)
            #expect(item["last_error"] == "the lease expired")
            let ended: SQL = "select error as value from run_failures where ended"
            #expect(try await fixture.values(ended, as: String.self) == ["in circles"])
        }
    }

    @Test func `a validation that says no is no failure of who validated`() async throws {
        try await withStore { fixture in
            let run = try await fixture.reach(.validation) { $0.validation.maxRepairRounds = 0 }
            _ = try await fixture.store.finish(run.claim, .failed, output: evidence(run.key.workflowID))
            #expect(try await fixture.status(run.key.workflowID) == .ended(.validationFailed))
            #expect(try await fixture.value("select count(*) as value from run_failures") == 0)
        }
    }

    @Test func `an order is seen the next time, with whether something runs`() async throws {
        try await withStore { fixture in
            let store = fixture.store
            let own = replica(owner: fixture.owner)
            _ = try await store.show(own)
            #expect(try await store.order("nobody", to: .pause, by: "ann") == 0)
            #expect(try await store.order("planner-1", to: .pause, by: "ann") == 1)
            #expect(try await store.order("planner-1", to: .pause, by: "bob") == 1)
            #expect(try await store.show(own) == ReplicaOrders(.pause))
            let item = try #require(try await items(fixture).first)
            #expect(item["wanted"] == "pause" && item["wanted_by"] == "ann" && item["wanted_at"] != .null)
            try await fixture.submit("t1")
            let run = try await fixture.claim()
            _ = try await store.order("planner-1", to: .drain, by: "ann")
            #expect(try await store.show(own) == ReplicaOrders(.drain, holdsRuns: true))
            _ = try await store.release(run.claim)
            #expect(try await store.show(own) == ReplicaOrders(.drain, holdsRuns: false))
        }
    }

    @Test func `a replica that ended is forgotten, one that was killed is gone, and then replaced by its name`()
        async throws
    {
        try await withStore { fixture in
            let store = fixture.store
            let (ended, killed) = (replica("planner-1"), replica("planner-2"))
            for replica in [ended, killed] { _ = try await store.show(replica) }
            try await store.forgetReplica(ended.owner)
            try await fixture.run("update replicas set seen_at = now() - interval '1 minute'")
            #expect(try await items(fixture).map { $0["status"] } == ["gone"])
            #expect(try await store.order("planner-2", to: .pause, by: "ann") == 0)
            _ = try await store.show(replica("planner-2"))
            #expect(try await items(fixture).map { $0["status"] } == ["running"])
            #expect(try await store.pruneReplicas(before: Date() + 60) == 1)
            // Whoever lives shows itself again.
            _ = try await store.show(killed)
            #expect(try await items(fixture).map { $0["owner"] } == [.string(killed.owner.text)])
        }
    }

    @Test func `a pause outlasts the process, an order to end does not`() async throws {
        try await withStore { fixture in
            let store = fixture.store
            let first = replica("planner-1")
            _ = try await store.show(first)
            _ = try await store.order("planner-1", to: .pause, by: "ann")
            try await store.forgetReplica(first.owner)
            let second = replica("planner-1")
            #expect(try await store.show(second) == ReplicaOrders(.pause))
            _ = try await store.order("planner-1", to: .restart, by: "ann")
            try await store.forgetReplica(second.owner)
            try await fixture.run("update replicas set seen_at = now() - interval '1 minute', wanted = 'run'")
            #expect(try await store.show(replica("planner-1")) == ReplicaOrders(.run))
        }
    }
}
