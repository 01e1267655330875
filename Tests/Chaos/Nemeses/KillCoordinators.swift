import Database
import Foundations
import PlatformSupport
import TestSupport

/// Kills a coordinator that works on a step of a parent at this moment (SIGKILL): while it spawns, while it looks at
/// children, while it ends.
struct KillCoordinators: Nemesis {
    let installation: Installation
    let kills: Recorder<String>
    var rest: ClosedRange<Double> { 0.1...0.5 }

    func inject(_ random: inout SeededGenerator) async throws {
        for _ in 1...50 {
            if let victim = try await atWork(&random) {
                _ = try await installation.supervisor.end(victim) { try await $0.kill9() }
                return kills.record(victim.log)
            }
            try await Deadline.elapse(.milliseconds(20))
        }
    }

    private func atWork(_ random: inout SeededGenerator) async throws -> RunningService? {
        let owners = try await installation.platform.rows(
            """
            select owner from stage_runs where kind = 'coordinate' and state = 'leased' and lease_until > now()
            order by workflow_id
            """)
        let owner = owners.randomElement(using: &random)?["owner"]?.stringValue
        return owner.flatMap(installation.platform.replica(owner:))
    }
}
