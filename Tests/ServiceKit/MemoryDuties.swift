import Foundation
import Synchronization

@testable import ServiceKit

/// The leases of duties in memory. As with the record, a process that is cut off gives nothing back.
final class MemoryDuties: DutyRecord, Sendable {
    private struct Lease {
        let owner: UUID
        let end: ContinuousClock.Instant
    }

    private let leases = Mutex<[String: Lease]>([:])

    func claimDuties(_ names: Set<String>, owner: UUID, lease: Duration) async throws -> Set<String> {
        try Task.checkCancellation()
        return leases.withLock { leases in
            let free = names.filter { name in
                leases[name].map { $0.owner == owner || $0.end <= .now } ?? true
            }
            for name in free { leases[name] = Lease(owner: owner, end: .now + lease) }
            return free
        }
    }

    func giveBackDuties(of owner: UUID) async throws {
        try Task.checkCancellation()
        leases.withLock { leases in leases = leases.filter { $0.value.owner != owner } }
    }
}
