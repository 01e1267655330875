import FoundationEssentials
import Foundations
import Glibc
import Logging
import ServiceLifecycle
import Synchronization
import TaskStore

/// Where replicas show themselves.
package protocol ReplicaRecord: Sendable {
    /// Shows that a replica is there and what it does. Returns what it is to do.
    func show(_ replica: Replica) async throws -> ReplicaOrders

    /// A replica has ended in good order.
    func forgetReplica(_ owner: UUID) async throws
}

extension TaskStore: ReplicaRecord {}

/// Shows this process among the replicas, and has it do what it is told there: pause, go on, drain, restart.
final class ReplicaBeat: Service {
    /// How long an order may take to be seen, as a rule.
    static let interval: Duration = .seconds(2)

    private let record: any ReplicaRecord
    private let replica: Replica
    private let admission: Admission
    private let interval: Duration
    private let logger: Logger
    private let end: @Sendable (ReplicaConduct.End) -> Void
    private let conduct = Mutex(ReplicaConduct())

    /// - Parameter end: Has the process end.
    init(
        _ record: any ReplicaRecord, _ replica: Replica, _ admission: Admission,
        every interval: Duration = ReplicaBeat.interval,
        _ logger: Logger, end: @escaping @Sendable (ReplicaConduct.End) -> Void
    ) {
        self.record = record
        self.replica = replica
        self.admission = admission
        self.interval = interval
        self.logger = logger
        self.end = end
    }

    func run() async throws {
        await Periodic.run(every: interval, "replica", logger) { try await self.beat() }
        try? await record.forgetReplica(replica.owner)
    }

    func beat() async throws {
        var shown = replica
        shown.state = conduct.withLock { $0.state }
        let orders = try await record.show(shown)
        let (before, now, ending) = conduct.withLock { conduct in
            let (before, ending) = (conduct.state, conduct.follow(orders))
            return (before, conduct.state, ending)
        }
        admission.set(isOpen: now == .running)
        if now != before {
            logger.notice("the replica was told what to do", metadata: ["order": "\(orders.order.rawValue)"])
        }
        if let ending { end(ending) }
    }
}

/// How this process ends when it is told to: as a signal of its supervisor would have it, so that all parts give back what
/// they hold.
final class ReplicaEnd: Sendable {
    /// `EX_TEMPFAIL`: whoever supervises it starts it again.
    static let restartCode: Int32 = 75

    private let state = Mutex<ReplicaConduct.End?>(nil)

    /// What the process exits with, `nil` for 0.
    var exitCode: Int32? { state.withLock { $0 == .restarting ? Self.restartCode : nil } }

    func begin(_ end: ReplicaConduct.End) {
        state.withLock { $0 = end }
        kill(getpid(), SIGTERM)
    }
}
