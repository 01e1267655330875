import Contracts
import Database
import Foundation
import Foundations
import Testing

@testable import TaskStore

/// A connection prepares a statement once for its text: a text that holds a number of a task is prepared for each.
@Suite(.timeLimit(.minutes(2))) struct StatementTests {
    /// A task from its submission to its end; `more` events come before the others.
    private func play(_ fixture: Fixture, _ task: String, more: Int) async throws {
        let store = fixture.store
        try await fixture.submit(task)
        var run = try await fixture.claim()
        let event = try EventDraft(WorkflowStarted(title: "t", priority: 5))
        let discovery = try EventDraft(DiscoveryRecorded(content: "c", tags: []))
        for _ in 0...more { _ = try await store.emit(run.claim, [event]) }
        for step in 0...more {
            try await store.recordIntent(
                run.claim, step: step, kind: .toolCall, name: "n", requestHash: "h", lease: lease)
            let done = JournalStep(step: step, kind: .toolCall, name: "n", requestHash: "h", result: 1)
            _ = try await store.recordStep(run.claim, done, events: [event, discovery])
        }
        for kind in [StepKind.implementation, .validation, .push] {
            try await store.finish(run.claim, output: kind == .push ? evidence(run.key.workflowID) : nil)
            run = try await fixture.claim(kind)
        }
        try await store.finish(run.claim)
    }

    /// What the connection has prepared.
    private func statements(_ fixture: Fixture) async throws -> Set<String> {
        Set(try await fixture.values("select statement as value from pg_prepared_statements", as: String.self))
    }

    @Test func `no statement's text depends on a task or on how many events it has`() async throws {
        try await withStore(connections: 1) { fixture in
            try await play(fixture, "first", more: 0)
            let known = try await statements(fixture)
            #expect(known.count > 10)
            try await play(fixture, "second", more: 5)
            let new = try await statements(fixture).subtracting(known)
            #expect(new.isEmpty)
        }
    }
}
