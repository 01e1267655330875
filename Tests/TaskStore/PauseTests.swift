import Contracts
import Database
import Foundation
import Foundations
import Testing

@testable import TaskStore

/// Pauses and checkpoints of companies and of the platform.
@Suite(.timeLimit(.minutes(5))) struct PauseTests {
    private static let acme = PausePlace.company(CompanyID(validated: "acme"))

    private func claimed(_ fixture: Fixture) async throws -> [String] {
        var companies: [String] = []
        while let run = try await fixture.store.claim(.plan, owner: UUID(), lease: lease) {
            companies.append(run.record.address.company.text)
        }
        return companies
    }

    private func reach(_ fixture: Fixture, _ pause: Pause) async throws -> [OutboxMessage] {
        let report = StoredReport(
            of: pause.place, try await fixture.store.figures(of: pause.place), markdown: "# Report", by: "ann")
        let event = CheckpointReached(
            reportID: report.id.text, actor: "ann", since: report.figures.since, tasksEnded: 0, tasksSucceeded: 0,
            costUSD: 0)
        return try await fixture.store.reach(pause, with: report, telling: event)
    }

    @Test func `of a company that is paused nothing new is claimed, others go on, and what waits says why`()
        async throws
    {
        try await withStore { fixture in
            try await fixture.submit("t1")
            try await fixture.submit("t2", company: "globex")
            try await fixture.run("update outbox set published_at = now(), stream_sequence = id")
            let pause = try #require(try await fixture.store.move(Self.acme, .pause, by: "ann"))
            #expect(pause.standing == .paused && pause.pausedBy == "ann")
            #expect(try await claimed(fixture) == ["globex"])
            #expect(try await fixture.store.snapshot(address("t1"))?.waitsFor == "pause")
            #expect(try await fixture.store.snapshot(address("t2", company: "globex"))?.waitsFor == nil)
            // Its permit is put aside, and comes again when work goes on.
            let id = try #require(try await fixture.store.workflow(address("t1"))).workflowID
            #expect(try await !fixture.store.needsPermit(.plan, of: id))
            #expect(try await fixture.store.reannounceReady(olderThan: .zero).allSatisfy { $0.workflowID != id })
            let resumed = try #require(try await fixture.store.move(Self.acme, .resume, by: "bob"))
            #expect(resumed.id == pause.id && resumed.resumedBy == "bob" && resumed.resumedAt != nil)
            #expect(try await fixture.store.reannounceReady(olderThan: .zero).contains { $0.workflowID == id })
            #expect(try await claimed(fixture) == ["acme"])
        }
    }

    @Test func `a pause of the platform is everybody's, and each is ended for itself`() async throws {
        try await withStore { fixture in
            for company in ["acme", "globex"] { try await fixture.submit("t1", company: company) }
            for place in [Self.acme, .platform] { _ = try await fixture.store.move(place, .pause, by: "ann") }
            #expect(try await claimed(fixture) == [])
            _ = try await fixture.store.move(.platform, .resume, by: "ann")
            #expect(try await claimed(fixture) == ["globex"])
            _ = try await fixture.store.move(Self.acme, .resume, by: "ann")
            #expect(try await claimed(fixture) == ["acme"])
        }
    }

    @Test func `who asks again changes nothing, and the first who asked stays known`() async throws {
        try await withStore { fixture in
            #expect(try await fixture.store.move(.platform, .resume, by: "ann") == nil)
            let first = try await fixture.store.move(.platform, .pause, by: "ann")
            #expect(try await fixture.store.move(.platform, .pause, by: "bob") == first)
            let halting = try #require(try await fixture.store.move(.platform, .checkpoint, by: "bob"))
            #expect(halting.id == first?.id && halting.standing == .halting && halting.pausedBy == "ann")
            let both = try await withThrowingTaskGroup(of: Pause?.self) { group in
                for _ in 0..<4 { group.addTask { try await fixture.store.move(.platform, .resume, by: "eve") } }
                return try await group.reduce(into: []) { $0 += [$1] }
            }
            #expect(both.compactMap(\.self).map(\.standing) == [.going])
        }
    }

    @Test func `a run whose owner died is not taken over while its company is paused`() async throws {
        try await withStore { fixture in
            try await fixture.submit("t1")
            _ = try await fixture.claim(lease: .zero)
            _ = try await fixture.store.move(Self.acme, .pause, by: "ann")
            #expect(try await claimed(fixture) == [])
            _ = try await fixture.store.move(Self.acme, .resume, by: "ann")
            #expect(try await claimed(fixture) == ["acme"])
        }
    }

    @Test func `the clock of a task stands still while its company is paused`() async throws {
        try await withStore { fixture in
            let id = try await fixture.submit("t1")
            let run = try await fixture.claim()
            let late: SQL = """
                update tasks set created_at = now() - interval '3 hours', deadline_at = now() - interval '1 hour'
                """
            try await fixture.run(late)
            #expect(try await fixture.store.heartbeat(run.claim, lease: lease).deadlinePassed)
            _ = try await fixture.store.move(Self.acme, .pause, by: "ann")
            try await fixture.run("update pauses set paused_at = now() - interval '2 hours'")
            #expect(try await !fixture.store.heartbeat(run.claim, lease: lease).deadlinePassed)
            _ = try await fixture.store.release(run.claim)
            #expect(try await fixture.store.endOverdue().isEmpty)
            _ = try await fixture.store.move(Self.acme, .resume, by: "ann")
            #expect(try await fixture.store.endOverdue().isEmpty)
            try await fixture.run("update tasks set deadline_at = now() - interval '3 hours'")
            #expect(try await !fixture.store.endOverdue().isEmpty)
            #expect(try await fixture.status(id) == .ended(.timedOut))
        }
    }

    @Test func `a checkpoint is reached once nothing runs, and tells of its report`() async throws {
        try await withStore { fixture in
            try await fixture.submit("t1")
            let run = try await fixture.claim()
            let pause = try #require(try await fixture.store.move(Self.acme, .checkpoint, by: "ann"))
            #expect(try await fixture.store.restingCheckpoints().isEmpty)
            // What runs ends its step; the next one is not begun.
            _ = try await fixture.store.finish(run.claim)
            #expect(try await fixture.store.claim(.implementation, owner: UUID(), lease: lease) == nil)
            #expect(try await fixture.store.restingCheckpoints() == [pause])
            let message = try #require(try await reach(fixture, pause).first)
            #expect(message.subject == "automata.workflows.acme.-.-.checkpoint_reached" && message.seq == 1)
            #expect(try await reach(fixture, pause).isEmpty)
            #expect(try await fixture.store.restingCheckpoints().isEmpty)
            let item = try #require(try await fixture.store.page(QueryRequest("pauses"), in: .platform)?.items.first)
            #expect(item["status"] == "reached" && item["company_id"] == "acme" && item["paused_by"] == "ann")
            let reports = try #require(try await fixture.store.page(QueryRequest("reports"), in: .platform)).items
            #expect(reports.map { $0["report_id"] } == [item["report_id"]] && reports[0]["markdown"] == "# Report")
            _ = try await fixture.store.move(Self.acme, .resume, by: "bob")
            _ = try await fixture.claim(.implementation)
        }
    }

    @Test func `a checkpoint that was resumed before it was reached is none`() async throws {
        try await withStore { fixture in
            let pause = try #require(try await fixture.store.move(.platform, .checkpoint, by: "ann"))
            _ = try await fixture.store.move(.platform, .resume, by: "ann")
            #expect(try await reach(fixture, pause).isEmpty)
            #expect(try await fixture.value("select count(*) as value from reports") == 0)
        }
    }

    /// When the platform's next checkpoint is due.
    private func next(_ fixture: Fixture, _ days: Int) async throws -> Date? {
        try await fixture.store.nextCheckpoints(every: days).first { $0.place == .platform }?.due
    }

    @Test func `the platform's checkpoints come days after the last one was resumed, and never with 0 days`()
        async throws
    {
        try await withStore { fixture in
            let store = fixture.store
            #expect(try await next(fixture, 0) == nil)
            #expect(try await store.beginDueCheckpoints(every: 7).isEmpty)
            try await fixture.run("update schema_migrations set applied_at = now() - interval '8 days'")
            #expect(try await store.beginDueCheckpoints(every: 0).isEmpty)
            // Somebody holds it: it is not for the schedule to change that.
            _ = try await store.move(.platform, .pause, by: "ann")
            #expect(try await store.beginDueCheckpoints(every: 7).isEmpty)
            _ = try await store.move(.platform, .resume, by: "ann")
            let pause = try #require(try await store.beginDueCheckpoints(every: 7).first)
            #expect(pause.standing == .halting && pause.pausedBy == "schedule")
            _ = try await reach(fixture, pause)
            _ = try await store.move(.platform, .resume, by: "ann")
            #expect(try await store.beginDueCheckpoints(every: 7).isEmpty)
            let next = try #require(try await next(fixture, 7))
            #expect(abs(next.timeIntervalSinceNow - 7 * 86_400) < 60)
            #expect(try await store.prunePauses(before: Date() + 60) == 1)
            #expect(try await self.next(fixture, 7) == next)
        }
    }

    @Test func `settings say when, the platform's over the environment and a company's for itself`() async throws {
        try await withStore { fixture in
            func set(_ days: Int, _ company: String) async throws {
                let place = CataloguePlace(company: CompanyID(validated: company))
                _ = try await fixture.store.define(
                    CatalogueObject(SettingsSpec.kind, at: place, spec: ["checkpoint_days": .int(days)]))
            }
            func due() async throws -> [PausePlace] {
                try await fixture.store.nextCheckpoints(every: 7).filter { $0.due <= Date() }.map(\.place)
            }
            try await set(3, "-")
            try await set(2, "acme")
            try await set(0, "globex")
            try await fixture.run("update schema_migrations set applied_at = now() - interval '4 days'")
            #expect(try await due() == [.platform])
            try await fixture.run("update catalogue set created_at = now() - interval '4 days'")
            #expect(try await due() == [.platform, Self.acme])
            try await set(0, "-")
            #expect(try await due() == [Self.acme])
            let begun = try await fixture.store.beginDueCheckpoints(every: 7)
            #expect(begun.map(\.place) == [Self.acme])
        }
    }
}
