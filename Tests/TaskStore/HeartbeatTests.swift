import Contracts
import Database
import Dispatch
import Foundation
import Foundations
import Testing

@testable import TaskStore

/// The leases of a process, extended together. What one of them learns is in the tests of what it learns of.
@Suite(.timeLimit(.minutes(2))) struct HeartbeatTests {
    private let longer = Duration.seconds(3000)

    private func claims(_ fixture: Fixture, _ count: Int) async throws -> [Claim] {
        for task in 0..<count { try await fixture.submit("t\(task)") }
        var claims: [Claim] = []
        for _ in 0..<count { claims.append(try await fixture.claim().claim) }
        return claims
    }

    /// The runs whose leases reach beyond the ones that were claimed.
    private func extended(_ fixture: Fixture) async throws -> Set<Int> {
        Set(
            try await fixture.values(
                "select id as value from stage_runs where lease_until > now() + interval '1000 s'", as: Int.self))
    }

    @Test func `all leases of a process are extended by one transaction`() async throws {
        try await withStore { fixture in
            let claims = try await claims(fixture, 20)
            let replies = try await fixture.store.heartbeat(claims.map(\.lease), lease: longer)
            #expect(Set(replies.keys) == Set(claims.map(\.lease)))
            #expect(replies.values.allSatisfy { $0.isExtended && !$0.cancelRequested && $0.maxCostUSD == 2 })
            #expect(try await extended(fixture) == Set(claims.map(\.key.id)))
            let transactions: SQL = "select count(distinct xmin::text) as value from stage_runs"
            #expect(try await fixture.value(transactions) == 1)
            #expect(try await fixture.store.heartbeat([], lease: lease).isEmpty)
        }
    }

    @Test func `what is lost is not answered for, and costs the others nothing`() async throws {
        try await withStore { fixture in
            let claims = try await claims(fixture, 4)
            _ = try await fixture.store.finish(claims[0])
            _ = try await fixture.store.release(claims[1])
            let (other, older) = (
                RunLease(run: claims[2].key.id, owner: UUID(), epoch: 1),
                RunLease(run: claims[2].key.id, owner: fixture.owner, epoch: 0)
            )
            let replies = try await fixture.store.heartbeat(claims.map(\.lease) + [other, older], lease: longer)
            #expect(Set(replies.keys) == [claims[2].lease, claims[3].lease])
            #expect(try await extended(fixture) == [claims[2].key.id, claims[3].key.id])
        }
    }

    @Test func `each owner learns what concerns its own workflow`() async throws {
        try await withStore { fixture in
            let claims = try await claims(fixture, 4)
            _ = try await fixture.store.control(try address("t0"), .cancel)
            _ = try await fixture.store.control(try address("t1"), .pause)
            _ = try await fixture.store.control(try address("t2"), .steer(message: "left"))
            _ = try await fixture.store.control(try address("t2"), .raiseBudget(maxCostUSD: 3))
            try await fixture.run("update tasks set deadline_at = now() - interval '1 s' where task_id = 't3'")
            let replies = try await fixture.store.heartbeat(claims.map(\.lease), lease: lease)
            let answers = claims.compactMap { replies[$0.lease] }
            #expect(answers.map(\.cancelRequested) == [true, false, false, false])
            #expect(answers.map(\.pauseRequested) == [false, true, false, false])
            #expect(answers.map(\.hasSteering) == [false, false, true, false])
            #expect(answers.map(\.maxCostUSD) == [2, 2, 3, 2])
            #expect(answers.map(\.deadlinePassed) == [false, false, false, true])
        }
    }

    @Test func `a run that another transaction is at work on holds up no other`() async throws {
        try await withStore { fixture in
            let claims = try await claims(fixture, 3)
            _ = try await fixture.store.control(try address("t1"), .cancel)
            let (store, leases, longer) = (fixture.store, claims.map(\.lease), longer)
            let replies = try await withThrowingTaskGroup(of: Void.self) { group in
                let (isLocked, isBeaten) = (Promise<Void>(), DispatchSemaphore(value: 0))
                group.addTask {
                    try await fixture.pool.transaction { connection in
                        try connection.execute("select from stage_runs where id = \(leases[1].run) for update")
                        isLocked.succeed(())
                        isBeaten.wait()
                    }
                }
                defer { isBeaten.signal() }
                try await isLocked.value()
                return try await store.heartbeat(leases, lease: longer)
            }
            #expect(leases.map { replies[$0]?.isExtended } == [true, false, true])
            #expect(replies[leases[1]]?.cancelRequested == true)
            #expect(try await extended(fixture) == [leases[0].run, leases[2].run])
            #expect(try await fixture.store.heartbeat(leases, lease: longer)[leases[1]]?.isExtended == true)
        }
    }

    @Test func `a request that comes late takes nothing away that was granted`() async throws {
        try await withStore { fixture in
            let claim = try await claims(fixture, 1)[0]
            try await fixture.store.heartbeat(claim, lease: longer)
            try await fixture.store.heartbeat(claim, lease: .seconds(1))
            try await fixture.store.recordIntent(
                claim, step: 0, kind: .toolCall, name: "n", requestHash: "h", lease: .seconds(1))
            #expect(try await extended(fixture) == [claim.key.id])
        }
    }
}
