import Foundations
import ServiceKit
import ServiceLifecycle
import TaskStore

/// Repairs what no single service can see: leases whose owner died, what workflows were told and nobody settled, stages
/// that nobody announced, tasks past their time limit, a broker that lost messages (``BrokerRepair``), and submissions
/// that were passed over (``SubmissionAudit``).
///
/// Every step is idempotent and takes the rows it changes by lock. Each is a duty with a loop of its own: a broker that
/// does not answer holds up no lease.
package struct Reconciler: Service {
    /// How long a run whose lease has ended may wait to be announced, at most.
    private static let leaseInterval: Duration = .milliseconds(500)
    private static let interval: Duration = .seconds(1)
    private static let consumerInterval: Duration = .seconds(5)

    private let service: ServiceContext
    private let duties: Duties

    /// How long a ready run may wait for its announcement to be taken: a consumer can have passed over it.
    private var announceAgain: Duration { min(.seconds(60), service.settings.lease * 2) }

    package init(_ service: ServiceContext, _ duties: Duties) {
        self.service = service
        self.duties = duties
    }

    package func run() async throws {
        let (store, publisher) = (service.store, service.publisher)
        await withDiscardingTaskGroup { group in
            group.addTask {
                await duties.perform(.leases, every: Self.leaseInterval) {
                    publisher.publish(
                        try await service.crashPoints.around(.commit) { try await store.returnExpiredLeases() })
                    publisher.publish(try await store.settleTold())
                }
            }
            group.addTask {
                await duties.perform(.deadlines, every: Self.interval) {
                    publisher.publish(try await store.endOverdue())
                    publisher.publish(try await store.reannounceReady(olderThan: announceAgain))
                }
            }
            group.addTask {
                await duties.perform(.broker, every: Self.interval) { try await BrokerRepair(service).run() }
            }
            group.addTask {
                let repair = ConsumerRepair(service)
                await duties.perform(.consumers, every: Self.consumerInterval) { try await repair.run() }
            }
            group.addTask {
                await duties.perform(.submissions, every: Self.interval) { try await SubmissionAudit(service).run() }
            }
        }
    }
}
