import ServiceKit
import Synchronization
import TestSupport
import Testing

@testable import NotifierService
@testable import TaskStore

@Suite struct BacklogMetricsTests {
    /// What waits, as a test sets it.
    private final class MemoryBacklog: CountedBacklog, Sendable {
        let state: Mutex<Backlog>

        init(_ backlog: Backlog) { state = Mutex(backlog) }

        func backlog(limit: Int) async throws -> Backlog { state.withLock { $0 } }
    }

    private let metrics = MetricsRegistry()

    private func backlog(_ runs: [Backlog.Runs] = [], outbox: Int = 0, webhooks: Int = 0) -> Backlog {
        Backlog(
            runs: runs, outbox: .init(count: outbox, oldest: outbox > 0 ? 3 : 0),
            webhooks: .init(count: webhooks, oldest: webhooks > 0 ? 7 : 0))
    }

    @Test func `what waits is shown by kind and state, and how long the oldest has been due`() async throws {
        let runs = [
            Backlog.Runs(stage: "plan", state: "ready", count: 4, oldest: 12),
            Backlog.Runs(stage: "plan", state: "leased", count: 2, oldest: 0),
        ]
        try await BacklogMetrics(MemoryBacklog(backlog(runs, outbox: 5, webhooks: 6)), metrics, .silent).count()
        let text = try Exposition(metrics.text)
        #expect(text.total("automata_queue_depth", #"kind="plan""#, #"state="ready""#) == 4)
        #expect(text.total("automata_queue_depth") == 6)
        #expect(text.total("automata_queue_oldest_seconds", #"kind="plan""#) == 12)
        #expect(text.total("automata_outbox_unpublished") == 5 && text.total("automata_outbox_oldest_seconds") == 3)
        #expect(text.total("automata_webhooks_pending") == 6)
    }

    @Test func `what waits no more is shown no more`() async throws {
        let runs = [Backlog.Runs(stage: "plan", state: "ready", count: 4, oldest: 12)]
        let record = MemoryBacklog(backlog(runs, outbox: 5))
        let shown = BacklogMetrics(record, metrics, .silent)
        try await shown.count()
        record.state.withLock { $0 = backlog() }
        try await shown.count()
        let text = try Exposition(metrics.text)
        #expect(text.total("automata_queue_depth") == 0 && text.total("automata_queue_oldest_seconds") == 0)
        #expect(text.total("automata_outbox_unpublished") == 0)
    }
}
