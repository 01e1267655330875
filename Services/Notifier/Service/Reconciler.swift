import ServiceKit
import ServiceLifecycle

/// Repairs what no single service can see: leases whose owner died, what workflows were told and nobody settled, stages
/// that nobody announced, tasks past their time limit (``RunRepair``), a broker that lost messages (``BrokerRepair``), consumers that it does not serve
/// (``ConsumerRepair``), and submissions that were passed over (``SubmissionAudit``).
///
/// Every step is idempotent and takes the rows it changes by lock. Each is a duty with a loop of its own: a broker that
/// does not answer holds up no lease.
package struct Reconciler: Service {
    /// How long a run whose lease has ended may wait to be announced, at most.
    private static let leaseInterval: Duration = .milliseconds(500)
    private static let interval: Duration = .seconds(1)
    private static let consumerInterval: Duration = .seconds(5)

    private let duties: Duties
    private let runs: RunRepair
    private let broker: BrokerRepair
    private let consumers: ConsumerRepair
    private let audit: SubmissionAudit

    package init(_ service: ServiceContext, _ duties: Duties) {
        let (bus, settings, logger) = (service.bus, service.settings, service.logger)
        self.duties = duties
        runs = RunRepair(
            record: service.store, outlet: service.publisher, patience: min(.seconds(60), settings.lease * 2),
            crashPoints: service.crashPoints)
        broker = BrokerRepair(service.store, bus, settings, logger)
        consumers = ConsumerRepair(bus, settings, logger)
        audit = SubmissionAudit(service.store, bus, settings, logger)
    }

    package func run() async throws {
        await withDiscardingTaskGroup { group in
            group.addTask { await duties.perform(.leases, every: Self.leaseInterval, runs.takeBack) }
            group.addTask { await duties.perform(.deadlines, every: Self.interval, runs.announce) }
            group.addTask { await duties.perform(.broker, every: Self.interval, broker.run) }
            group.addTask { await duties.perform(.consumers, every: Self.consumerInterval, consumers.run) }
            group.addTask { await duties.perform(.submissions, every: Self.interval, audit.run) }
        }
    }
}
