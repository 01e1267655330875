import TestSupport

/// Kills nats-server and starts it again on its store.
struct KillBroker: Nemesis {
    let installation: Installation
    var hold: ClosedRange<Double> { 0.05...1 }

    func inject(_ random: inout SeededGenerator) async throws { try await installation.nats.kill() }

    func heal() async throws { try await installation.nats.restart() }
}

/// Kills nats-server and removes its store.
struct WipeBroker: Nemesis {
    let installation: Installation
    var rest: ClosedRange<Double> { 2...4 }
    var hold: ClosedRange<Double> { 0.05...0.5 }

    func inject(_ random: inout SeededGenerator) async throws { try await installation.nats.wipeStore() }

    func heal() async throws { try await installation.nats.restart() }
}

/// Puts back a copy of nats-server's store that was made a while before.
struct RollBackBroker: Nemesis {
    let installation: Installation
    var rest: ClosedRange<Double> { 0.5...1 }
    /// How old the copy is.
    var hold: ClosedRange<Double> { 1.5...3 }

    func inject(_ random: inout SeededGenerator) async throws { try await installation.nats.copyStore() }

    func heal() async throws {
        try await installation.nats.putStoreBack()
        try await installation.nats.restart()
    }
}
