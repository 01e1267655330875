import Contracts
import Database
import Foundation
import Foundations
import TestSupport
import Testing

@testable import TaskStore

/// What a claim takes beyond its place in the queue, with more kinds of it than the product has.
@Suite(.timeLimit(.minutes(2))) struct ClaimWantTests {
    /// Runs of tasks of priority 1 want one of a few licences.
    private static let licence = ClaimWant(
        name: "licence", place: .resources,
        shortage: .ofRun("(t.priority = 1 and not exists (select from licences where run_id is null))"),
        columns: "(select t.priority = 1 from tasks t where t.workflow_id = run.workflow_id) as wants_licence",
        take: { row, connection in
            guard try row.get("wants_licence") else { return true }
            let run: Int = try row.get("run_id")
            let taken = try connection.execute(
                """
                update licences set run_id = \(run) where id = (
                    select id from licences where run_id is null order by id limit 1 for update)
                """)
            return taken.affected == 1
        })

    /// What nobody can see to be short, and that refuses those that `condition` names.
    private static func veto(
        _ place: ClaimWant.Place, of condition: SQL = "true", asked: Recorder<String> = Recorder()
    ) -> ClaimWant {
        ClaimWant(
            name: "veto", place: place, shortage: .ofRun("false"),
            columns: """
                (select \(condition) from tasks t where t.workflow_id = run.workflow_id)
                    as \(identifier: "refused_\(place)")
                """,
            take: { row, _ in
                asked.record("\(place)")
                return try !row.get("refused_\(place)")
            })
    }

    private func store(_ fixture: Fixture, licences: Int, _ wants: [ClaimWant]) async throws -> TaskStore {
        try await fixture.run("create table licences (id integer primary key, run_id bigint)")
        try await fixture.run("insert into licences select n from generate_series(1, \(licences)) n")
        var store = fixture.store
        store.wants = wants
        return store
    }

    private func claim(_ store: TaskStore) async throws -> StageRun? {
        try await store.claim(.plan, owner: UUID(), lease: lease)
    }

    private func names(_ store: TaskStore) async throws -> [String] {
        var names: [String] = []
        while let run = try await claim(store) { names.append(run.record.address.task.text) }
        return names
    }

    private func taken(_ fixture: Fixture) async throws -> Int? {
        try await fixture.value("select count(*) as value from licences where run_id is not null")
    }

    @Test func `all that a run wants is taken, or nothing`() async throws {
        try await withStore { fixture in
            try await fixture.submit("t1", priority: 1)
            var store = try await store(fixture, licences: 1, [.companyLimit, Self.licence, Self.veto(.budgets)])
            #expect(try await claim(store) == nil)
            #expect(try await taken(fixture) == 0)
            #expect(try await fixture.value("select epoch as value from stage_runs where state = 'ready'") == 0)
            store.wants = [.companyLimit, Self.licence]
            let run = try #require(try await claim(store))
            #expect(try await fixture.value("select run_id as value from licences") == run.key.id)
        }
    }

    @Test(arguments: [(3, 6), (6, 3)])
    func `claims at the same moment pass neither bound, and take no more of one than of the other`(
        _ limit: Int, _ licences: Int
    ) async throws {
        try await withStore(connections: 8) { fixture in
            let store = try await store(fixture, licences: licences, [.companyLimit, Self.licence])
            try await store.set(CompanyLimit(company: "acme", maxRunning: limit))
            for task in 0..<12 { try await fixture.submit("t\(task)", priority: 1) }
            let runs = try await withThrowingTaskGroup(of: StageRun?.self) { group in
                for _ in 0..<8 { group.addTask { try await claim(store) } }
                return try await group.reduce(into: [StageRun]()) { runs, run in run.map { runs.append($0) } }
            }
            let all = try await runs.count + names(store).count
            #expect(all == 3)
            #expect(try await taken(fixture) == 3)
        }
    }

    @Test func `locks are taken in one order, however the wants are listed`() async throws {
        try await withStore { fixture in
            try await fixture.submit("t1")
            let asked = Recorder<String>()
            let places: [ClaimWant.Place] = [.budgets, .limits, .resources]
            let wants = places.map { Self.veto($0, of: "false", asked: asked) }
            #expect(try await names(try await store(fixture, licences: 0, wants)) == ["t1"])
            #expect(asked.elements == ["limits", "resources", "budgets"])
        }
    }

    @Test func `what cannot be had hides nothing of its company, says what it waits for, and comes when it can`()
        async throws
    {
        try await withStore { fixture in
            let store = try await store(fixture, licences: 0, [.companyLimit, Self.licence])
            let first = try await fixture.submit("first", priority: 1)
            for task in ["second", "third"] { try await fixture.submit(task) }
            #expect(try await names(store) == ["second", "third"])
            #expect(try await store.snapshot(try address("first"))?.waitsFor == "licence")
            let all = try await store.unpublished(olderThan: .zero)
            try await store.markPublished(all.map { PublishedMessage(id: $0.id, streamSequence: nil) })
            #expect(try await !store.needsPermit(.plan, of: first))
            #expect(try await store.reannounceReady(olderThan: .seconds(60)).isEmpty)
            try await fixture.run("insert into licences values (1)")
            #expect(try await store.reannounceReady(olderThan: .seconds(60)).map(\.workflowID) == [first])
            #expect(try await store.snapshot(try address("first"))?.waitsFor == "worker")
            #expect(try await names(store) == ["first"])
        }
    }

    @Test func `a lease that ended is taken over only where all can be had again`() async throws {
        try await withStore { fixture in
            let store = try await store(fixture, licences: 1, [.companyLimit, Self.licence])
            try await fixture.submit("first", priority: 1)
            try await fixture.submit("second")
            _ = try #require(try await store.claim(.plan, owner: UUID(), lease: .zero))
            #expect(try await names(store) == ["second"])
            try await fixture.run("update licences set run_id = null")
            #expect(try await names(store) == ["first"])
        }
    }

    @Test func `who is refused under the lock keeps no other from its turn, and no claim busy`() async throws {
        try await withStore { fixture in
            let asked = Recorder<String>()
            let stubborn = Self.veto(.limits, of: "t.task_id like 'no%'", asked: asked)
            let store = try await store(fixture, licences: 0, [stubborn])
            for task in ["no1", "no2", "no3"] { try await fixture.submit(task, priority: 1) }
            try await fixture.submit("yes")
            #expect(try await claim(store)?.record.address.task.text == "yes")
            #expect(asked.count == 4)
            for task in ["no4", "no5", "no6"] { try await fixture.submit(task, priority: 1) }
            #expect(try await claim(store) == nil)
            #expect(asked.count == 8)
            let untouched: SQL = "select count(*) as value from stage_runs where state = 'ready' and epoch = 0"
            #expect(try await fixture.value(untouched) == 6)
        }
    }
}
