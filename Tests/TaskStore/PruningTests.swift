import Contracts
import Database
import Foundation
import Foundations
import Testing

@testable import TaskStore

@Suite(.timeLimit(.minutes(5)))
struct PruningTests {
    private let tables = ["journal", "task_activities", "webhook_messages"]

    private func rows(_ table: String, _ fixture: Fixture) async throws -> Int {
        try await fixture.value("select count(*) as value from \(identifier: table)") ?? 0
    }

    @Test func `the work and history of what ended long ago goes, the task and its result stay`() async throws {
        try await withStore { fixture in
            let run = try await fixture.reach(.implementation)
            let step = JournalStep(
                step: 0, kind: .toolCall, name: "w", requestHash: "h", result: 1,
                checkpoint: Checkpoint(commit: commits[1], tree: commits[2], base: commits[0], pack: Data([1])))
            _ = try await fixture.store.recordStep(run.claim, step)
            _ = try await fixture.store.end(run.claim, as: .stuck, error: "e")
            let id = run.key.workflowID
            #expect(try await fixture.store.pruneHistory(before: Date() - 60) == 0)
            for table in tables + ["checkpoints"] { #expect(try await rows(table, fixture) > 0, "\(table)") }
            #expect(try await fixture.store.pruneHistory(before: Date() + 60) == 1)
            for table in tables + ["checkpoints"] { #expect(try await rows(table, fixture) == 0, "\(table)") }
            let kinds: [String] = try await fixture.values("select kind as value from stage_runs order by id")
            #expect(kinds == ["plan", "implementation"])
            #expect(try await fixture.record(id).result?.status == .stuck)
            #expect(try await fixture.store.pruneHistory(before: Date() + 60) == 0)
            // Its work is gone, so it cannot go on.
            guard case .refused(_, let reason) = try await fixture.store.control(address("t1"), .retry) else {
                return #expect(Bool(false), "the retry was accepted")
            }
            #expect(reason.contains("removed"))
        }
    }

    @Test func `what has not ended is left alone`() async throws {
        try await withStore { fixture in
            _ = try await fixture.reach(.implementation)
            #expect(try await fixture.store.pruneHistory(before: Date() + 3600) == 0)
            #expect(try await rows("task_activities", fixture) > 0)
        }
    }

    @Test func `refused submissions go after their time`() async throws {
        try await withStore { fixture in
            try await fixture.run(
                """
                insert into rejected_submissions (id, deduplication_key, subject, excerpt, code, field, reason)
                values (\(UUID()), 'k', 's', 'e', 'c', 'f', 'r')
                """)
            #expect(try await fixture.store.pruneRejections(before: Date() - 60) == 0)
            #expect(try await fixture.store.pruneRejections(before: Date() + 60) == 1)
        }
    }
}
