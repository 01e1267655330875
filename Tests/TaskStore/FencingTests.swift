import Contracts
import Database
import Foundation
import Foundations
import Testing

@testable import TaskStore

@Suite(.timeLimit(.minutes(5)))
struct FencingTests {
    /// Every call of an owner.
    private static let calls: [(name: String, call: @Sendable (TaskStore, Claim) async throws -> Void)] = [
        ("heartbeat", { _ = try await $0.heartbeat($1, lease: lease) }),
        (
            "recordIntent",
            { try await $0.recordIntent($1, step: 9, kind: .toolCall, name: "n", requestHash: "h", lease: lease) }
        ),
        (
            "recordStep",
            {
                _ = try await $0.recordStep(
                    $1, JournalStep(step: 9, kind: .toolCall, name: "n", requestHash: "h", result: 1))
            }
        ),
        ("steering", { _ = try await $0.steering($1) }),
        ("emit", { _ = try await $0.emit($1, [EventDraft(type: .repoCloned, message: "m", details: [:])]) }),
        ("finish", { _ = try await $0.finish($1) }),
        ("beginAfresh", { _ = try await $0.beginAfresh($1, because: "r") }),
        ("release", { _ = try await $0.release($1, error: "e") }),
        ("end", { _ = try await $0.end($1, as: .internalError) }),
    ]

    /// All that an owner can write, as one text.
    private func contents(_ fixture: Fixture) async throws -> String? {
        try await fixture.value(
            """
            select concat((select json_agg(t) from tasks t), (select json_agg(r) from stage_runs r),
                (select json_agg(j) from journal j), (select json_agg(s) from steering s),
                (select json_agg(o) from outbox o), (select json_agg(a) from task_activities a)) as value
            """)
    }

    private func expectRefused(_ claim: Claim, _ fixture: Fixture) async throws {
        let before = try await contents(fixture)
        for (name, call) in Self.calls {
            let error = try await storeError { try await call(fixture.store, claim) }
            #expect(error == .leaseLost, "\(name)")
        }
        #expect(try await contents(fixture) == before)
    }

    @Test func `an owner whose run was taken over can write nothing`() async throws {
        try await withStore { fixture in
            try await fixture.submit("t1")
            let zombie = try await fixture.claim(lease: .zero)
            let next = try await fixture.claim(owner: UUID())
            _ = try await fixture.store.control(try address("t1"), .steer(message: "left"))
            #expect(next.claim.epoch == 2)
            try await expectRefused(zombie.claim, fixture)
            _ = try await fixture.store.heartbeat(next.claim, lease: lease)
        }
    }

    @Test func `an old epoch of the same process can write nothing`() async throws {
        try await withStore { fixture in
            try await fixture.submit("t1")
            let old = try await fixture.claim(lease: .zero)
            _ = try await fixture.claim()
            try await expectRefused(old.claim, fixture)
        }
    }

    @Test func `an owner that gave the run back can write nothing`() async throws {
        try await withStore { fixture in
            try await fixture.submit("t1")
            let run = try await fixture.claim()
            _ = try await fixture.store.release(run.claim)
            try await expectRefused(run.claim, fixture)
        }
    }

    @Test func `an owner that finished the stage can write nothing`() async throws {
        try await withStore { fixture in
            try await fixture.submit("t1")
            let run = try await fixture.claim()
            _ = try await fixture.store.finish(run.claim)
            try await expectRefused(run.claim, fixture)
        }
    }

    @Test func `an owner of a workflow that ended can write nothing`() async throws {
        try await withStore { fixture in
            try await fixture.submit("t1")
            let run = try await fixture.claim(lease: .zero)
            _ = try await fixture.store.control(try address("t1"), .cancel)
            try await expectRefused(run.claim, fixture)
        }
    }

    @Test func `a lease that expired but was not taken can be extended`() async throws {
        try await withStore { fixture in
            try await fixture.submit("t1")
            let run = try await fixture.claim(lease: .zero)
            _ = try await fixture.store.heartbeat(run.claim, lease: lease)
            #expect(try await fixture.store.claim(.plan, owner: UUID(), lease: lease) == nil)
        }
    }

    @Test func `of two owners that race for a run exactly one wins`() async throws {
        try await withStore { fixture in
            for index in 0..<100 {
                let id = try await fixture.submit("t\(index)")
                let owners = [UUID(), UUID()]
                let winners = try await withThrowingTaskGroup(of: StageRun?.self) { group in
                    for owner in owners {
                        group.addTask { try await fixture.store.claim(.plan, owner: owner, lease: lease) }
                    }
                    return try await group.reduce(into: [StageRun]()) { if let run = $1 { $0.append(run) } }
                }
                #expect(winners.count == 1 && winners.first?.key.workflowID == id)
            }
        }
    }

    @Test func `two owners that race for an expired run get it once`() async throws {
        try await withStore { fixture in
            try await fixture.submit("t1")
            _ = try await fixture.claim(lease: .zero)
            for epoch in 2...50 {
                let winners = try await withThrowingTaskGroup(of: StageRun?.self) { group in
                    for last in [false, true] {
                        let lease = last ? Duration.zero : .zero
                        group.addTask { try await fixture.store.claim(.plan, owner: UUID(), lease: lease) }
                    }
                    return try await group.reduce(into: [Int]()) { if let run = $1 { $0.append(run.claim.epoch) } }
                }
                #expect(Set(winners).count == winners.count, "an epoch was given twice at \(epoch)")
            }
        }
    }
}
