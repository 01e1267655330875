import Contracts
import Database
import Foundation
import Foundations
import Testing

@testable import TaskStore

@Suite(.timeLimit(.minutes(5)))
struct JournalTests {
    private func step(_ number: Int, hash: String = "h", checkpoint: Checkpoint? = nil) -> JournalStep {
        JournalStep(
            step: number, kind: .modelCall, name: "m", requestHash: hash, result: ["text": "a\0b"],
            checkpoint: checkpoint, changes: WorkflowChanges(usage: Usage(llmCalls: 1, costUSD: 0.25)))
    }

    @Test func `a replay sees what is done and what was only begun`() async throws {
        try await withStore { fixture in
            let run = try await fixture.reach(.implementation)
            try await fixture.store.recordIntent(run.claim, step: 1)
            _ = try await fixture.store.recordStep(run.claim, step(1))
            try await fixture.store.recordIntent(run.claim, step: 2, hash: "g")
            let journal = try await fixture.store.journal(of: run.key)
            #expect(journal.map(\.isDone) == [true, false])
            #expect(journal[0].result == ["text": "a\u{FFFD}b"] && journal[1].result == nil)
            #expect(journal[1].requestHash == "g" && journal[1].epoch == run.claim.epoch)
        }
    }

    @Test func `what is begun has a whole lease before it`() async throws {
        try await withStore { fixture in
            try await fixture.submit("t1")
            let run = try await fixture.claim(lease: .seconds(1))
            try await fixture.store.recordIntent(run.claim, step: 1)
            let left = try await fixture.value(
                "select extract(epoch from lease_until - now())::float8 as value from stage_runs", as: Double.self)
            #expect(try #require(left) > lease.seconds - 10)
        }
    }

    @Test func `recording a step again does nothing, another one in its place is refused`() async throws {
        try await withStore { fixture in
            let run = try await fixture.reach(.implementation)
            let draft = EventDraft(type: .implementationStep, message: "m", details: [:])
            let first = try await fixture.store.recordStep(run.claim, step(1), events: [draft])
            #expect(try await fixture.store.recordStep(run.claim, step(1), events: [draft]) == first)
            #expect(try await fixture.record(run.key.workflowID).usage.llmCalls == 1)
            let other = try await storeError { _ = try await fixture.store.recordStep(run.claim, step(1, hash: "x")) }
            #expect(other == .journalConflict(step: 1))
            let begun = try await storeError {
                try await fixture.store.recordIntent(run.claim, step: 1)
            }
            #expect(begun == .journalConflict(step: 1))
        }
    }

    @Test func `nonsense that a provider reports as usage counts as nothing`() async throws {
        try await withStore { fixture in
            let run = try await fixture.reach(.implementation)
            for (number, cost) in [Double.nan, .infinity, -1, 0.5].enumerated() {
                var step = step(number)
                step.changes.usage = Usage(llmCalls: 1, promptTokens: -5, costUSD: cost)
                _ = try await fixture.store.recordStep(run.claim, step)
            }
            let usage = try await fixture.record(run.key.workflowID).usage
            #expect(usage == Usage(llmCalls: 4, promptTokens: 0, costUSD: 0.5))
        }
    }

    @Test func `another owner goes on with the journal of the first`() async throws {
        try await withStore { fixture in
            try await fixture.submit("t1")
            let first = try await fixture.claim(lease: .zero)
            _ = try await fixture.store.recordStep(first.claim, step(1))
            try await fixture.store.recordIntent(first.claim, step: 2, lease: .zero)
            let second = try await fixture.claim(owner: UUID())
            #expect(try await fixture.store.journal(of: second.key).count == 2)
            _ = try await fixture.store.recordStep(second.claim, step(2))
            #expect(try await fixture.store.journal(of: second.key).map(\.epoch) == [1, 2])
            #expect(try await fixture.record(second.key.workflowID).usage.costUSD == 0.5)
        }
    }

    @Test func `attempts count from the last progress`() async throws {
        try await withStore { fixture in
            try await fixture.submit("t1")
            for attempt in 1...3 {
                let run = try await fixture.claim(lease: .zero)
                #expect(run.attempt == attempt)
                if attempt == 3 { _ = try await fixture.store.recordStep(run.claim, step(1)) }
            }
            #expect(try await fixture.claim(lease: .zero).attempt == 2)
            let run = try await fixture.claim()
            #expect(run.attempt == 3)
            _ = try await fixture.store.release(run.claim, error: "broken")
            let next = try await fixture.claim()
            #expect(next.attempt == 4 && next.lastError == "broken")
            _ = try await fixture.store.release(next.claim)
            #expect(try await fixture.claim().attempt == 4)
        }
    }

    @Test func `checkpoints lead from the base to the newest commit`() async throws {
        try await withStore { fixture in
            let run = try await fixture.reach(.implementation)
            let id = run.key.workflowID
            // 1 and 2 from the base; then 3 starts again from the base, and 4 follows.
            for (number, base) in [(1, 0), (2, 1), (3, 0), (4, 3)] {
                let checkpoint = Checkpoint(
                    commit: commits[number], tree: commits[9], base: commits[base], pack: Data([UInt8(number), 0]))
                _ = try await fixture.store.recordStep(run.claim, step(number, checkpoint: checkpoint))
            }
            let chain = try await fixture.store.checkpointChain(of: id)
            #expect(chain.map(\.ordinal) == [3, 4])
            #expect(chain.map(\.commit) == [commits[3], commits[4]] && chain.map(\.bytes) == [2, 2])
            #expect(try await fixture.store.pack(of: chain[1], in: id) == Data([4, 0]))
            #expect(try await fixture.store.checkpointBytes(of: id) == 8)
            #expect(try await fixture.store.checkpointBytes(of: UUID()) == 0)
            #expect(try await fixture.record(id).headCommit == commits[4])
            _ = try await fixture.store.end(run.claim, as: .stuck)
            #expect(try await fixture.store.checkpointChain(of: id).count == 2)
        }
    }

    @Test func `a pack is read in parts and comes out whole`() async throws {
        try await withStore { fixture in
            let run = try await fixture.reach(.implementation)
            let id = run.key.workflowID
            // Larger than two parts.
            let pack = Data((0..<9_000_001).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) })
            let checkpoint = Checkpoint(commit: commits[1], tree: commits[9], base: commits[0], pack: pack)
            _ = try await fixture.store.recordStep(run.claim, step(1, checkpoint: checkpoint))
            let stored = try #require(try await fixture.store.checkpointChain(of: id).first)
            #expect(stored.bytes == pack.count)
            #expect(try await fixture.store.pack(of: stored, in: id) == pack)
            await #expect(throws: StoreError.workRemoved) { try await fixture.store.pack(of: stored, in: UUID()) }
        }
    }

    @Test(arguments: [true, false])
    func `the checkpoints of a completed task go where the remote has its commit`(_ pushes: Bool) async throws {
        try await withStore { fixture in
            try await fixture.submit("t1") { $0.delivery.push = pushes }
            var run = try await fixture.claim(.plan)
            _ = try await fixture.store.finish(run.claim)
            run = try await fixture.claim(.implementation)
            let checkpoint = Checkpoint(commit: commits[1], tree: commits[2], base: commits[0], pack: Data([1, 0]))
            _ = try await fixture.store.recordStep(run.claim, step(1, checkpoint: checkpoint))
            _ = try await fixture.store.finish(run.claim)
            run = try await fixture.claim(.validation)
            _ = try await fixture.store.finish(run.claim, output: evidence(run.key.workflowID))
            run = try await fixture.claim(.push)
            _ = try await fixture.store.finish(run.claim)
            #expect(try await fixture.store.checkpointChain(of: run.key.workflowID).count == (pushes ? 0 : 1))
        }
    }

    @Test func `a discovery is kept where others can find it`() async throws {
        try await withStore { fixture in
            let run = try await fixture.reach(.implementation)
            let discovery = DiscoveryRecorded(content: "the tests need a clock", tags: ["tests", "a \"b\""])
            _ = try await fixture.store.recordStep(run.claim, step(1), events: [try EventDraft(discovery)])
            #expect(
                try await fixture.value("select tags as value from discoveries", as: [String].self) == discovery.tags)
        }
    }
}

extension TaskStore {
    fileprivate func recordIntent(
        _ claim: Claim, step: Int, hash: String = "h", lease: Duration = lease
    ) async throws {
        try await recordIntent(
            claim, step: step, kind: .modelCall, name: "m", requestHash: hash, lease: lease)
    }
}
