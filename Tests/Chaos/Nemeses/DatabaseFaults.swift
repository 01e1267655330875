import Database
import Foundation
import Foundations
import PlatformSupport
import TestSupport

/// Stops Postgres as a crash would, and starts it again.
struct CrashDatabase: Nemesis {
    let installation: Installation
    var hold: ClosedRange<Double> { 0...1.5 }

    func inject(_ random: inout SeededGenerator) async throws { try await installation.postgres.halt() }

    func heal() async throws { try await installation.postgres.launch() }
}

/// Ends half of the services' connections to Postgres, whatever they do.
struct TerminateBackends: Nemesis {
    let installation: Installation
    var rest: ClosedRange<Double> { 0.1...0.5 }

    func inject(_ random: inout SeededGenerator) async throws {
        let share = Double.random(in: 0.2...0.8, using: &random)
        _ = try? await installation.platform.rows(
            """
            select pg_terminate_backend(pid) from pg_stat_activity
            where application_name like 'automata-%' and random() < \(share)
            """)
    }
}
