import Database
import Foundations
import PlatformSupport
import Synchronization
import TestSupport

/// Freezes a replica that holds a lease for longer than that, until others have its runs, and lets it go on: a zombie.
final class FreezeWorker: Nemesis {
    private struct Zombie {
        let replica: RunningService
        /// The runs that it held when it froze.
        let runs: [JSONValue]
    }

    private let installation: Installation
    /// The runs that went from a frozen replica to another one.
    private let handovers: Recorder<JSONValue>
    private let frozen = Mutex<Zombie?>(nil)
    private let inTransaction: Bool
    let rest = 0.3...1.0
    let hold: ClosedRange<Double>

    /// - Parameter inTransaction: Whether it freezes while it has rows of the record locked.
    init(_ installation: Installation, handovers: Recorder<JSONValue>, inTransaction: Bool = false) {
        self.installation = installation
        self.inTransaction = inTransaction
        self.handovers = handovers
        let lease = Double(Installation.lease.components.seconds)
        hold = lease + 0.5...lease + 2
    }

    func inject(_ random: inout SeededGenerator) async throws {
        for _ in 1...100 {
            if let zombie = try await freeze(&random) { return frozen.withLock { $0 = zombie } }
            try await Deadline.elapse(.milliseconds(20))
        }
    }

    /// `nil` if nobody holds a lease, or the chosen one has just given up its last.
    private func freeze(_ random: inout SeededGenerator) async throws -> Zombie? {
        let owners = try await installation.platform.rows(
            """
            select owner from stage_runs where state = 'leased' and slot = 'step' and lease_until > now()
            order by workflow_id
            """)
        guard let owner = owners.randomElement(using: &random)?["owner"]?.stringValue,
            let replica = installation.platform.replica(owner: owner)
        else { return nil }
        replica.process.pause()
        let runs = try await installation.platform.rows(
            "select id, epoch from stage_runs where owner::text = \(owner)")
        var isFound = !runs.isEmpty
        if isFound, inTransaction { isFound = try await hasOpenTransaction() }
        if isFound { return Zombie(replica: replica, runs: runs) }
        replica.process.resume()
        return nil
    }

    /// Whether somebody began a transaction and does not go on with it, as the living do within milliseconds.
    private func hasOpenTransaction() async throws -> Bool {
        try await Deadline.elapse(.milliseconds(30))
        return try await !installation.platform.rows(
            """
            select from pg_stat_activity where application_name like 'automata-%' and state = 'idle in transaction'
                and state_change < clock_timestamp() - interval '20 ms'
            """
        ).isEmpty
    }

    func heal() async throws {
        guard let zombie = frozen.withLock({ $0.take() }) else { return }
        defer { zombie.replica.process.resume() }
        try await settle(zombie, "r.state = 'leased'", "what a frozen replica held is taken back", within: .seconds(10))
        // It waits for its turn: runs of a higher priority go first, and there may be many.
        try await settle(zombie, "r.state = 'ready'", "others take what a frozen replica held", within: .seconds(60))
        zombie.runs.forEach(handovers.record)
    }

    /// Waits until no run of the frozen owner is in a state. A last statement that was under way may have ended a run
    /// after all; such a run keeps its epoch.
    private func settle(_ zombie: Zombie, _ state: SQL, _ what: String, within limit: Duration) async throws {
        let claims = JSONValue.array(zombie.runs)
        let unsettled: SQL = """
            select from stage_runs r join jsonb_to_recordset(\(claims)::jsonb)
                as f (id bigint, epoch bigint) on (r.id, r.epoch) = (f.id, f.epoch)
            where \(state)
            """
        try await eventually(what, within: limit) { [installation] in
            try await installation.platform.rows(unsettled).isEmpty
        }
    }
}
