import FoundationEssentials
import Foundations
import Logging
import ServiceKit
import Synchronization
import TaskStore

/// Where leases are extended.
package protocol LeaseRecord: Sendable {
    /// Extends those of the leases that still hold, and answers for them alone.
    func heartbeat(_ leases: [RunLease], lease: Duration) async throws -> [RunLease: HeartbeatReply]
}

extension TaskStore: LeaseRecord {}

/// Who works under a lease.
package protocol LeaseHolder: Sendable {
    /// A heartbeat that was asked for at `moment` was answered; `nil` says that the lease is lost.
    func learnt(_ reply: HeartbeatReply?, askedAt moment: ContinuousClock.Instant)
}

/// Extends all leases of a process, with one statement each time.
///
/// Nothing is made of silence here: when a lease ends by this host's clock is its holder's to say, whether the database was
/// slow, or dead, or this process stood still.
package final class Heartbeats: Sendable {
    private struct Member {
        let workflow: UUID
        let holder: any LeaseHolder
    }

    private struct State {
        var schedule: BeatSchedule
        var members: [RunLease: Member] = [:]
    }

    private let record: any LeaseRecord
    private let lease: Duration
    private let logger: Logger
    private let state: Mutex<State>
    private let bell = Doorbell()

    package convenience init(_ service: ServiceContext) {
        self.init(service.store, lease: service.settings.lease, service.logger)
    }

    /// - Parameter lease: How long a lease holds: three heartbeats go into it, and some more after one that failed.
    package init(_ record: any LeaseRecord, lease: Duration, _ logger: Logger) {
        self.record = record
        self.lease = lease
        self.logger = logger
        state = Mutex(State(schedule: BeatSchedule(interval: lease / 3)))
    }

    /// Extends a lease from here on, and tells its holder what was answered.
    ///
    /// - Parameter moment: When the lease was asked for that was then granted.
    package func add(
        _ lease: RunLease, of workflow: UUID, since moment: ContinuousClock.Instant, _ holder: any LeaseHolder
    ) {
        state.withLock { state in
            state.members[lease] = Member(workflow: workflow, holder: holder)
            state.schedule.add(lease, since: moment)
        }
        bell.ring()
    }

    /// Extends a lease no more. A heartbeat that is under way says nothing about it: what was given back is not lost.
    package func remove(_ lease: RunLease) {
        state.withLock { state in
            state.members[lease] = nil
            state.schedule.remove(lease)
        }
    }

    /// Asks at once how it stands with a workflow.
    package func beatNow(_ workflow: UUID) {
        state.withLock { state in
            for (lease, member) in state.members where member.workflow == workflow {
                state.schedule.hasten(lease, to: .now)
            }
        }
        bell.ring()
    }

    /// Beats until it is cancelled. Without a lease it asks nothing.
    package func run() async throws {
        try await withThrowingDiscardingTaskGroup { group in
            while true {
                let (leases, next) = state.withLock { ($0.schedule.take(at: .now), $0.schedule.next) }
                if !leases.isEmpty { group.addTask { await self.beat(leases) } }
                if let next { try await bell.wait(atMost: next - .now) } else { try await bell.wait() }
            }
        }
    }

    private func beat(_ leases: [RunLease]) async {
        let asked = ContinuousClock.now
        do {
            let replies = try await record.heartbeat(leases, lease: lease)
            for lease in leases { tell(replies[lease], of: lease, askedAt: asked) }
        } catch {
            guard !Task.isCancelled else { return }
            logger.warning("heartbeat failed", metadata: ["leases": "\(leases.count)", "error": "\(error)"])
            for lease in leases { askAgain(lease) }
        }
    }

    private func tell(_ reply: HeartbeatReply?, of lease: RunLease, askedAt moment: ContinuousClock.Instant) {
        let holder = state.withLock { state in
            if reply == nil { state.schedule.remove(lease) }
            return state.members[lease]?.holder
        }
        if reply?.isExtended == false { askAgain(lease) }
        holder?.learnt(reply, askedAt: moment)
    }

    /// As often as makes sense before the lease ends.
    private func askAgain(_ lease: RunLease) {
        state.withLock { $0.schedule.hasten(lease, to: .now + $0.schedule.interval / 4) }
        bell.ring()
    }
}
