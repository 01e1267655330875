import Contracts
import Database
import Flows
import Foundation
import Foundations
import Testing

@testable import TaskStore

@Suite(.timeLimit(.minutes(5))) struct ChildrenTests {
    private let layers = [20, 15, 10, 5]

    /// Each child is told of once when it ended, and once when it started, if it did.
    private func check(_ family: Family) async throws {
        let told = try await family.told()
        #expect(told.ended.sorted() == family.plan.map(\.key.text).sorted())
        let ran: [String] = try await family.fixture.values(
            "select child_key as value from tasks where parent = \(family.parent) and started_at is not null")
        #expect(told.started.sorted() == ran.sorted())
        let open: Int? = try await family.fixture.value(
            "select count(*) as value from stage_runs r where \(OpenRun.isOpen)")
        #expect(open == 0)
    }

    @Test func `fifty children in four layers are worked off, then the parent goes on`() async throws {
        try await withStore { fixture in
            #expect(Family.coordinating.faults(kinds: StepKind.rows + [StepKind.coordination]).isEmpty)
            let family = try await Family(fixture, layers: layers)
            var generator = SeededGenerator(state: 1)
            try await family.play(using: &generator, lossy: false)
            #expect(try await family.status() == .ended(.completedNoChanges))
            try await check(family)
            #expect(try await family.told().started.count == 50)
        }
    }

    @Test func `what depends on a child that failed is skipped, and the parent is told of all`() async throws {
        try await withStore { fixture in
            let family = try await Family(fixture, layers: layers)
            var generator = SeededGenerator(state: 2)
            try await family.play(using: &generator, failing: ["goal--l0-3", "goal--l1-7"], lossy: false)
            #expect(try await family.status() == .ended(.validationFailed))
            try await check(family)
            let skipped: Int? = try await fixture.value("select count(*) as value from tasks where status = 'skipped'")
            #expect((skipped ?? 0) > 2)
        }
    }

    @Test func `nothing is lost or done twice, whoever is killed`() async throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("seed of the families: \(seed)")
        var generator = SeededGenerator(state: seed)
        for _ in 0..<4 {
            try await withStore { fixture in
                let family = try await Family(fixture, layers: [6, 4, 2])
                let failing = Set(
                    family.plan.map(\.id.text).filter { _ in Int.random(in: 0..<8, using: &generator) == 0 })
                try await family.play(using: &generator, failing: failing, lossy: true)
                #expect(
                    try await family.status() == .ended(failing.isEmpty ? .completedNoChanges : .validationFailed))
                try await check(family)
            }
        }
    }

    @Test func `a parent that is killed while it spawns goes on where it was`() async throws {
        try await withStore { fixture in
            let store = fixture.store
            let family = try await Family(fixture, layers: layers)
            let first = try #require(try await family.claim(.coordinate))
            _ = try await fixture.pool.transaction { connection in
                let parent = try LockedWorkflow(of: first.claim, on: connection)
                return try store.record(Array(family.plan.prefix(30)), of: parent, on: connection)
            }
            try await family.expire()
            let second = try #require(try await family.claim(.coordinate))
            let error = try await storeError { _ = try await store.spawn(first.claim, family.plan) }
            #expect(error == .leaseLost)
            try await family.coordinate(second)
            #expect(try await store.children(of: family.parent).count == 50)
            let status = try await store.snapshot(family.address)
            #expect(status?.children == ["queued": 50] && status?.waitsFor == "children" && status?.parent == nil)
            #expect(try await store.snapshot(family.plan[0].request.task.address)?.parent == "goal")
            #expect(try await fixture.value("select children as value from tasks where parent is null") == 50)
            #expect(try await family.status() == .running)
            #expect(try await family.claim(.coordinate) == nil)
        }
    }

    @Test func `a child that ends while its parent is claimed does not leave it waiting`() async throws {
        try await withStore { fixture in
            let family = try await Family(fixture, layers: [2])
            try await family.coordinate(try #require(try await family.claim(.coordinate)))
            for _ in 0..<2 {
                let child = try #require(try await family.claim(.implementation))
                if let parent = try await family.claim(.coordinate) {
                    try await fixture.store.finish(child.claim)
                    _ = try await fixture.store.wait(parent.claim)
                } else {
                    try await fixture.store.finish(child.claim)
                }
            }
            try await family.coordinate(try #require(try await family.claim(.coordinate)))
            #expect(try await family.status() == .ended(.completedNoChanges))
            try await check(family)
        }
    }

    @Test func `who has nothing to wait for is told so, and a time is enough`() async throws {
        try await withStore { fixture in
            let family = try await Family(fixture, layers: [1])
            let run = try #require(try await family.claim(.coordinate))
            let error = try await storeError { _ = try await fixture.store.wait(run.claim) }
            #expect(error == .nothingToWaitFor)
            _ = try await fixture.store.wait(run.claim, until: Date() + 3600)
            #expect(try await family.status() == .running)
            #expect(try await fixture.store.snapshot(family.address)?.waitsFor == "retry")
            #expect(try await fixture.store.wakeWaiting().isEmpty)
            try await fixture.run("update stage_runs set wakes_at = now()")
            #expect(try await fixture.store.wakeWaiting().last?.subject.hasSuffix(".coordinate_requested") == true)
            #expect(try await family.claim(.coordinate) != nil)
        }
    }

    @Test func `a parent that ends takes its open children with it`() async throws {
        try await withStore { fixture in
            let family = try await Family(fixture, layers: [3, 2])
            try await family.coordinate(try #require(try await family.claim(.coordinate)))
            let child = try #require(try await family.claim(.implementation))
            _ = try await fixture.store.control(family.address, .cancel)
            #expect(try await family.status() == .ended(.cancelled))
            let beat = try await fixture.store.heartbeat(child.claim, lease: lease)
            #expect(beat.cancelRequested)
            try await fixture.store.finish(child.claim)
            let ends: [String] = try await fixture.values("select distinct status as value from tasks")
            #expect(ends == ["cancelled"])
            #expect(try await fixture.value("select count(*) as value from notices") == 0)
            guard case .refused = try await fixture.store.control(child.record.address, .retry) else {
                return #expect(Bool(false), "a child of a parent that has ended was retried")
            }
        }
    }

    @Test func `the pause of a parent holds its children without writing them`() async throws {
        try await withStore { fixture in
            let family = try await Family(fixture, layers: [3])
            try await family.coordinate(try #require(try await family.claim(.coordinate)))
            let child = try #require(try await family.claim(.implementation))
            let versions: SQL =
                "select array_agg(xmin::text order by task_id)::text as value from tasks where parent is not null"
            let before: String? = try await fixture.value(versions)
            _ = try await fixture.store.control(family.address, .pause)
            #expect(try await fixture.value(versions) == before)
            #expect(try await fixture.store.heartbeat(child.claim, lease: lease).pauseRequested)
            _ = try await fixture.store.release(child.claim)
            #expect(try await family.claim(.implementation) == nil)
            #expect(try await !fixture.store.needsPermit(.implementation, of: child.key.workflowID))
            #expect(try await fixture.store.snapshot(child.record.address)?.waitsFor == "pause")
            _ = try await fixture.store.control(family.address, .resume)
            #expect(try await family.claim(.implementation) != nil)
        }
    }

    @Test func `the time limit of a child moves by what its parent rests, and by what it rested before not at all`()
        async throws
    {
        try await withStore { fixture in
            let family = try await Family(fixture, layers: [1, 1])
            let isHour: SQL = "paused_at = paused_at - interval '1 hour'"
            func rest(resume: Bool = true) async throws {
                _ = try await fixture.store.control(family.address, .pause)
                try await fixture.run("update tasks set \(isHour) where workflow_id = \(family.parent)")
                if resume { _ = try await fixture.store.control(family.address, .resume) }
            }
            func overdue() async throws -> [UUID] { try await fixture.store.endOverdue().compactMap(\.workflowID) }
            try await rest()
            try await family.coordinate(try #require(try await family.claim(.coordinate)))
            let child = try #require(try await family.claim(.implementation))
            try await fixture.run(
                "update tasks set deadline_at = now() - interval '30 minutes' where workflow_id = \(child.key.workflowID)"
            )
            #expect(try await fixture.store.heartbeat(child.claim, lease: lease).deadlinePassed)
            try await rest(resume: false)
            _ = try await fixture.store.release(child.claim)
            #expect(try await overdue().isEmpty)
            _ = try await fixture.store.control(family.address, .resume)
            #expect(try await overdue().isEmpty)
            let again = try #require(try await family.claim(.implementation))
            #expect(try await !fixture.store.heartbeat(again.claim, lease: lease).deadlinePassed)
            try await fixture.run(
                "update tasks set deadline_at = deadline_at - interval '1 hour' where workflow_id = \(child.key.workflowID)"
            )
            _ = try await fixture.store.release(again.claim)
            #expect(try await overdue().contains(child.key.workflowID))
        }
    }

    @Test func `a child has what its parent was asked for, and keeps only what differs`() async throws {
        try await withStore { fixture in
            let family = try await Family(fixture, layers: [1])
            try await family.coordinate(try #require(try await family.claim(.coordinate)))
            let child = try #require(try await family.claim(.implementation))
            #expect(child.request == family.plan[0].request)
            #expect(child.request.validation.commands == ["make test"])
            let kept: [String] = try await fixture.values(
                "select jsonb_object_keys(request) as value from tasks where parent is not null order by 1")
            #expect(kept == ["delivery", "task"])
            try await fixture.store.finish(child.claim)
            let webhooks: Int? = try await fixture.value("select count(*) as value from webhook_messages")
            #expect(webhooks == 0)
        }
    }

    @Test func `a name that is taken, and a plan without an order, are refused before anything is recorded`()
        async throws
    {
        try await withStore { fixture in
            let family = try await Family(fixture, layers: [2, 2])
            try await fixture.submit("goal--l1-1")
            let run = try #require(try await family.claim(.coordinate))
            let taken = try await storeError { _ = try await fixture.store.spawn(run.claim, family.plan) }
            #expect(taken == .childNameTaken(family.plan[3].key))
            let circle = zip(["a", "b"], ["b", "a"]).compactMap { name, other in
                TaskID(name).map {
                    ChildTask($0, id: $0, of: run.request, dependsOn: [TaskID(other)].compactMap { $0 })
                }
            }
            #expect(ChildTask.fault(in: circle)?.contains("a, b") == true)
            #expect(ChildTask.fault(in: [circle[0], circle[0]]) != nil && ChildTask.fault(in: [circle[0]]) != nil)
            #expect(try await fixture.store.children(of: family.parent).isEmpty)
        }
    }
}
