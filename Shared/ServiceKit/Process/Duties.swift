import FoundationEssentials
import Foundations
import Logging
import Messaging
import ServiceLifecycle
import Synchronization
import TaskStore

/// What one process does for all, named by a row of the record.
package struct Duty: Hashable, Sendable {
    package let name: String
    /// Whether only a process can do it that reaches the bus: one that does not leaves it to others.
    package let needsBus: Bool

    package init(_ name: String, needsBus: Bool = false) {
        self.name = name
        self.needsBus = needsBus
    }
}

/// Where the leases of duties are kept.
package protocol DutyRecord: Sendable {
    /// Takes those of the duties that nobody else holds, or keeps them, for `lease`. Returns which they are.
    func claimDuties(_ names: Set<String>, owner: UUID, lease: Duration) async throws -> Set<String>

    /// Gives up all duties of an owner.
    func giveBackDuties(of owner: UUID) async throws
}

extension TaskStore: DutyRecord {}

/// The duties of this process: those whose lease it holds.
///
/// A lease saves work, it keeps nothing safe: who froze and comes back may do a duty once more beside its new holder, so
/// each has to be harmless when two do it at once.
package final class Duties: Service {
    /// Who dies is replaced within a lease of stages, and within this.
    private static let longestTerm: Duration = .seconds(10)

    private let record: any DutyRecord
    private let bus: any MessageBus
    private let owner: UUID
    private let admission: Admission
    private let metrics: MetricsRegistry
    private let logger: Logger
    private let duties: [Duty]
    /// How long the duties of a process that died are left undone, at most.
    private let term: Duration
    private let held = Mutex<[Duty: ContinuousClock.Instant]>([:])
    private let bells: [Duty: Doorbell]

    package convenience init(_ service: ServiceContext, _ duties: [Duty]) {
        self.init(
            service.store, service.bus, owner: service.owner, lease: service.settings.lease,
            admission: service.admission, service.metrics, service.logger, duties)
    }

    init(
        _ record: any DutyRecord, _ bus: any MessageBus, owner: UUID, lease: Duration,
        admission: Admission = Admission(), _ metrics: MetricsRegistry, _ logger: Logger, _ duties: [Duty]
    ) {
        self.record = record
        self.bus = bus
        self.owner = owner
        self.admission = admission
        self.metrics = metrics
        self.logger = logger
        self.duties = duties
        term = min(lease, Self.longestTerm)
        bells = Dictionary(uniqueKeysWithValues: duties.map { ($0, Doorbell()) })
    }

    /// Claims again and again what is free, keeps what it holds, and gives all of it back at the end.
    package func run() async throws {
        await Periodic.run(every: term / 4, "duties", logger) { try await self.claim() }
        held.withLock { $0 = [:] }
        try? await record.giveBackDuties(of: owner)
    }

    /// Does `body` again and again, with `interval` between, for as long as the process is asked to and whenever it holds
    /// the duty. One loop for each duty.
    package func perform(
        _ duty: Duty, every interval: Duration, _ body: @escaping @Sendable () async throws -> Void
    ) async {
        guard let bell = bells[duty] else { return }
        await Periodic.run(every: interval, duty.name, logger) {
            while !self.holds(duty) { try await bell.wait() }
            try await body()
        }
    }

    /// Whether the lease of the duty is this process's. By its own clock, from before it was asked for: it ends here
    /// before it ends in the record.
    package func holds(_ duty: Duty) -> Bool {
        held.withLock { held in held[duty].map { ContinuousClock.now < $0 } ?? false }
    }

    func claim() async throws {
        guard admission.isOpen else { return try await rest() }
        // Three quarters of the term for the lease, one until the next try: together it is the term.
        let lease = term * 3 / 4
        let end = ContinuousClock.now + lease
        let wanted = duties.filter { !$0.needsBus || bus.isConnected }
        let names = try await record.claimDuties(
            Set(wanted.map(\.name)), owner: owner, lease: lease)
        let claimed = wanted.filter { names.contains($0.name) }
        held.withLock { held in
            for duty in wanted { held[duty] = names.contains(duty.name) ? end : nil }
        }
        for duty in duties { metrics.set(.dutyHeld, duty.name, to: holds(duty) ? 1 : 0) }
        for duty in claimed { bells[duty]?.ring() }
    }

    /// Leaves all duties to others, while the process is to take on nothing new.
    private func rest() async throws {
        let hadSome = held.withLock { held in
            defer { held = [:] }
            return !held.isEmpty
        }
        for duty in duties { metrics.set(.dutyHeld, duty.name, to: 0) }
        if hadSome { try await record.giveBackDuties(of: owner) }
    }
}
