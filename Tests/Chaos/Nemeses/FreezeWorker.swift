import Database
import Foundations
import PlatformSupport
import Synchronization
import TestSupport

/// Freezes a replica that holds a lease for longer than that, and lets it go on: a zombie.
final class FreezeWorker: Nemesis {
    private let installation: Installation
    private let frozen = Mutex<RunningService?>(nil)
    let rest = 0.3...1.0
    let hold: ClosedRange<Double>

    init(_ installation: Installation) {
        self.installation = installation
        let lease = Double(Installation.lease.components.seconds)
        hold = lease + 1.5...lease + 3
    }

    func inject(_ random: inout SeededGenerator) async throws {
        for _ in 1...100 {
            if let owner = try await owners().randomElement(using: &random) {
                let victim = installation.platform.replica(owner: owner)
                victim?.process.pause()
                frozen.withLock { $0 = victim }
                // It may have ended its run just before.
                if try await owners().contains(owner) { return }
                try await heal()
            }
            try await Deadline.elapse(.milliseconds(20))
        }
    }

    private func owners() async throws -> [String] {
        try await installation.platform.rows(
            "select owner from stage_runs where state = 'leased' and lease_until > now() order by workflow_id"
        ).compactMap { $0["owner"]?.stringValue }
    }

    func heal() async throws {
        frozen.withLock { victim in
            victim?.process.resume()
            victim = nil
        }
    }
}
