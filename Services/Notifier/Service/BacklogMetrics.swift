import Logging
import ServiceKit
import ServiceLifecycle
import TaskStore

/// Tells `/metrics` what waits. It asks the record once in a while, however often it is asked itself.
package struct BacklogMetrics: Service {
    private static let interval: Duration = .seconds(5)
    /// How much of each is counted.
    private static let most = 10_000

    private let record: any CountedBacklog
    private let metrics: MetricsRegistry
    private let logger: Logger

    init(_ record: any CountedBacklog, _ metrics: MetricsRegistry, _ logger: Logger) {
        self.record = record
        self.metrics = metrics
        self.logger = logger
    }

    package func run() async throws { await Periodic.run(every: Self.interval, "backlog", logger, count) }

    /// Shows what waits now.
    func count() async throws {
        let backlog = try await record.backlog(limit: Self.most)
        metrics.clear(.queueDepth)
        metrics.clear(.queueAge)
        for runs in backlog.runs {
            metrics.set(.queueDepth, runs.stage, runs.state, to: Double(runs.count))
            if runs.state == "ready" { metrics.set(.queueAge, runs.stage, to: max(0, runs.oldest)) }
        }
        metrics.set(.outboxDepth, to: Double(backlog.outbox.count))
        metrics.set(.outboxAge, to: max(0, backlog.outbox.oldest))
        metrics.set(.webhooksPending, to: Double(backlog.webhooks.count))
        metrics.set(.webhooksOverdue, to: max(0, backlog.webhooks.oldest))
    }
}
