import Contracts
import Database
import Foundation
import Foundations
import Testing

@testable import TaskStore

@Suite(.timeLimit(.minutes(5)))
struct CompanyLimitTests {
    private func claimAll(_ fixture: Fixture) async throws -> [StageRun] {
        var runs: [StageRun] = []
        while let run = try await fixture.store.claim(.plan, owner: UUID(), lease: lease) { runs.append(run) }
        return runs
    }

    @Test func `a company runs no more tasks than its limit, others go on`() async throws {
        try await withStore { fixture in
            try await fixture.store.set(CompanyLimit(company: "acme", maxRunning: 2))
            for task in 0..<5 {
                try await fixture.submit("a\(task)")
                try await fixture.submit("b\(task)", company: "other")
            }
            let runs = try await claimAll(fixture)
            #expect(runs.filter { $0.record.address.company.text == "acme" }.count == 2)
            #expect(runs.filter { $0.record.address.company.text == "other" }.count == 5)
            let first = try #require(runs.first { $0.record.address.company.text == "acme" })
            _ = try await fixture.store.end(first.claim, as: .stuck)
            #expect(try await claimAll(fixture).map(\.record.address.company.text) == ["acme"])
        }
    }

    @Test func `the limit counts the stages together`() async throws {
        try await withStore { fixture in
            try await fixture.store.set(CompanyLimit(company: "acme", maxRunning: 1))
            let held = try await fixture.reach(.implementation)
            try await fixture.submit("t2")
            #expect(try await fixture.store.claim(.plan, owner: UUID(), lease: lease) == nil)
            _ = try await fixture.store.release(held.claim, after: .seconds(60), error: "busy")
            _ = try await fixture.claim(.plan)
        }
    }

    @Test func `a limit for everyone holds where a company has none of its own`() async throws {
        try await withStore { fixture in
            try await fixture.store.set(CompanyLimit(company: CompanyLimit.everyOther, maxRunning: 1))
            try await fixture.store.set(CompanyLimit(company: "acme", maxRunning: 3))
            for task in 0..<5 {
                try await fixture.submit("a\(task)")
                try await fixture.submit("b\(task)", company: "other")
            }
            let companies = try await claimAll(fixture).map(\.record.address.company.text)
            #expect(companies.sorted() == ["acme", "acme", "acme", "other"])
            #expect(try await fixture.store.companyLimits().count == 2)
            #expect(try await fixture.store.removeLimit(of: CompanyLimit.everyOther))
            #expect(try await !fixture.store.removeLimit(of: CompanyLimit.everyOther))
            #expect(try await claimAll(fixture).count == 4)
        }
    }

    @Test func `claims at the same moment do not pass the limit together`() async throws {
        try await withStore(connections: 8) { fixture in
            try await fixture.store.set(CompanyLimit(company: "acme", maxRunning: 3))
            for task in 0..<40 { try await fixture.submit("a\(task)") }
            for _ in 0..<5 {
                let runs = try await withThrowingTaskGroup(of: StageRun?.self) { group in
                    for _ in 0..<8 {
                        group.addTask { try await fixture.store.claim(.plan, owner: UUID(), lease: lease) }
                    }
                    return try await group.reduce(into: [StageRun]()) { runs, run in run.map { runs.append($0) } }
                }
                #expect(runs.count <= 3)
                // Whoever was refused because of another that was refused too gets its turn now.
                let all = try await runs + claimAll(fixture)
                #expect(all.count == 3)
                for run in all { _ = try await fixture.store.end(run.claim, as: .stuck) }
            }
        }
    }

    @Test func `a lease that expired is taken over even where the limit was lowered below it`() async throws {
        try await withStore { fixture in
            for task in 0..<2 { try await fixture.submit("a\(task)") }
            _ = try await fixture.claim()
            let dead = try await fixture.claim(lease: .zero)
            try await fixture.store.set(CompanyLimit(company: "acme", maxRunning: 1))
            #expect(try await fixture.claim().key == dead.key)
        }
    }

    @Test func `a run that the limit holds back is put aside and announced when there is room`() async throws {
        try await withStore { fixture in
            try await fixture.store.set(CompanyLimit(company: "acme", maxRunning: 1))
            for task in 0..<3 { try await fixture.submit("a\(task)") }
            let all = try await fixture.store.unpublished(olderThan: .zero)
            try await fixture.store.markPublished(
                all.enumerated().map { PublishedMessage(id: $1.id, streamSequence: UInt64($0 + 1)) })
            let held = try await fixture.claim()
            let waiting: [UUID] = try await fixture.values(
                "select workflow_id as value from stage_runs where state = 'ready' order by rank")
            for id in waiting { #expect(try await !fixture.store.needsPermit(.plan, of: id)) }
            #expect(try await fixture.store.reannounceReady(olderThan: .seconds(60)).isEmpty)
            _ = try await fixture.store.end(held.claim, as: .stuck)
            let again = try await fixture.store.reannounceReady(olderThan: .seconds(60))
            #expect(again.filter { $0.seq == nil }.map(\.workflowID) == [waiting.first])
            #expect(try await fixture.store.needsPermit(.plan, of: try #require(waiting.first)))
        }
    }

    @Test func `the database refuses limits of nothing and companies that cannot be`() async throws {
        try await withStore { fixture in
            for limit in [CompanyLimit(company: "acme", maxRunning: 0), CompanyLimit(company: "a b", maxRunning: 1)] {
                await #expect(throws: DatabaseError.self) { try await fixture.store.set(limit) }
            }
        }
    }
}
