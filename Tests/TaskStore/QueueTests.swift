import Contracts
import Database
import Foundation
import Foundations
import Testing

@testable import TaskStore

@Suite(.timeLimit(.minutes(5)))
struct QueueTests {
    /// Fills the queue without going through `submit` for each.
    private func fill(_ fixture: Fixture, company: String, count: Int) async throws {
        let first = try await fixture.submit("\(company)_0", company: company)
        try await fixture.run(
            """
            with more as (
                insert into tasks (workflow_id, company_id, project_id, task_id, trace_id, request, flow, content_hash,
                    priority, status, stage, timeout_seconds, deadline_at, last_seq, created_at)
                select gen_random_uuid(), company_id, project_id, \(company) || '_' || n, trace_id,
                    jsonb_set(request, '{task,id}', to_jsonb(\(company) || '_' || n)), flow, content_hash,
                    1 + n % 10, status, stage, timeout_seconds, deadline_at, 1, created_at + n * interval '1 millisecond'
                from tasks, generate_series(1, \(count - 1)) n where workflow_id = \(first)
                returning *
            )
            insert into stage_runs (workflow_id, stage, kind, round, generation, state, company_id, rank)
            select workflow_id, 'plan', 'plan', 0, 0, 'ready', company_id, created_at + priority * interval '10 minutes'
            from more
            """)
        try await fixture.run("analyze tasks, stage_runs")
    }

    @Test func `a small company is served within its share beside a noisy one`() async throws {
        try await withStore { fixture in
            try await fill(fixture, company: "noisy", count: 2000)
            for task in 0..<10 { try await fixture.submit("s\(task)", company: "small", priority: 10) }
            // Two slots that hold their runs: one each.
            var served: [String] = []
            var held: [StageRun] = []
            while served.filter({ $0 == "small" }).count < 10, served.count < 2000 {
                held.append(try await fixture.claim())
                served.append(held.last?.record.address.company.text ?? "")
                guard held.count == 2 else { continue }
                _ = try await fixture.store.finish(held.removeFirst().claim)
            }
            #expect(served.count <= 21)
        }
    }

    @Test func `a single slot shares its time as well`() async throws {
        try await withStore { fixture in
            try await fill(fixture, company: "noisy", count: 2000)
            for task in 0..<10 { try await fixture.submit("s\(task)", company: "small") }
            var small = 0
            for _ in 0..<100 {
                let run = try await fixture.claim()
                if run.record.address.company.text == "small" { small += 1 }
                _ = try await fixture.store.finish(run.claim)
            }
            // Each turn is drawn evenly: fewer than 10 of 100 has a probability below 1e-16.
            #expect(small == 10)
        }
    }

    @Test func `priority comes first, and waiting counts`() async throws {
        try await withStore { fixture in
            let low = try await fixture.submit("low", priority: 10)
            let high = try await fixture.submit("high", priority: 1)
            let normal = try await fixture.submit("normal")
            #expect(try await fixture.claim().key.workflowID == high)
            // The low one has waited for more than the fifty minutes that five steps of priority are worth.
            try await fixture.run(
                "update stage_runs set rank = rank - interval '51 minutes' where workflow_id = \(low)")
            #expect(try await fixture.claim().key.workflowID == low)
            #expect(try await fixture.claim().key.workflowID == normal)
        }
    }

    @Test func `a released run waits for its delay`() async throws {
        try await withStore { fixture in
            let first = try await fixture.submit("a", priority: 1)
            let second = try await fixture.submit("b")
            let run = try await fixture.claim()
            #expect(run.key.workflowID == first)
            _ = try await fixture.store.release(run.claim, after: .seconds(60), error: "busy")
            #expect(try await fixture.claim().key.workflowID == second)
            #expect(try await fixture.store.claim(.plan, owner: UUID(), lease: lease) == nil)
            try await fixture.run("update stage_runs set run_at = now() where state = 'ready'")
            #expect(try await fixture.claim().key.workflowID == first)
        }
    }

    @Test func `a claim among ten thousand ready runs reads a few pages`() async throws {
        try await withStore { fixture in
            for company in 0..<10 { try await fill(fixture, company: "c\(company)", count: 1000) }
            var times: [Duration] = []
            for _ in 0..<100 {
                let start = ContinuousClock.now
                _ = try await fixture.claim()
                times.append(.now - start)
            }
            print("claim among 10,000 ready runs: median \(times.sorted()[50]), worst \(times.max() ?? .zero)")
            // The time depends on what else the machine does; the work does not.
            #expect(try await pagesOfAClaim(fixture) < 250)
        }
    }

    private func pagesOfAClaim(_ fixture: Fixture) async throws -> Int {
        let claim = TaskStore.claimStatement(.plan, owner: UUID(), lease: lease)
        let report: JSONValue = try await fixture.pool.withConnection { connection in
            let rows = try connection.execute("explain (analyze, buffers, format json) \(claim)")
            return try #require(try rows.first?.get("QUERY PLAN"))
        }
        let plan = report.arrayValue?.first?["Plan"]
        let pages = ["Shared Hit Blocks", "Shared Read Blocks"].compactMap { plan?[$0]?.intValue }.reduce(0, +)
        print("claim among 10,000 ready runs: \(pages) pages")
        return pages
    }

    @Test func `claims and finishes per second`() async throws {
        try await withStore(connections: 8) { fixture in
            for company in 0..<4 { try await fill(fixture, company: "c\(company)", count: 500) }
            let start = ContinuousClock.now
            let done = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        var done = 0
                        let owner = UUID()
                        while done < 125, let run = try await fixture.store.claim(.plan, owner: owner, lease: lease) {
                            _ = try await fixture.store.finish(run.claim)
                            done += 1
                        }
                        return done
                    }
                }
                return try await group.reduce(0, +)
            }
            let seconds = (ContinuousClock.now - start).seconds
            print("claim + finish with 8 tasks: \(Int(Double(done) / seconds)) transitions/s")
            #expect(done == 1000)
        }
    }
}
