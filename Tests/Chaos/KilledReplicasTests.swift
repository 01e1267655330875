import Foundations
import TestSupport
import Testing

extension Chaos {
    /// What is told is taken in within half a second; a permit that nobody had published is after two and a half. The
    /// rest is for the machine.
    @Test func `without a fault nothing is done twice, and parents end when their children have`() async throws {
        try await Chaos.run(
            .new(), under: { _ in NoFault() },
            and: { testimony in #expect(Recovery.endsOfParents(testimony).allSatisfy { $0 < 5 }) })
    }

    @Test func `random replicas of every executable are killed`() async throws {
        try await Chaos.run(.new()) {
            $0.loads = [Load(duration: ChaosSettings.duration * 2, count: 2 * ChaosSettings.tasks)]
        } under: {
            KillReplicas($0)
        }
    }

    @Test func `coordinators are killed while they spawn, look at their children and end`() async throws {
        let kills = Recorder<String>()
        try await Chaos.run(.new()) {
            $0.loads = [Load(count: 0)]
            $0.families.count *= 3
        } under: {
            KillCoordinators(installation: $0, kills: kills)
        }
        #expect(kills.count > 0, "no coordinator was found at work")
    }

    @Test func `a worker freezes beyond its lease and comes back`() async throws {
        let handovers = Recorder<JSONValue>()
        try await Chaos.run(.new()) { FreezeWorker($0, handovers: handovers) }
        #expect(handovers.count > 0, "no replica froze that held a lease")
    }

    @Test func `a worker freezes in the middle of a transaction and comes back`() async throws {
        let handovers = Recorder<JSONValue>()
        try await Chaos.run(.new()) {
            $0.loads = [Load(count: max(48, ChaosSettings.tasks))]
        } under: {
            FreezeWorker($0, handovers: handovers, inTransaction: true)
        }
        #expect(handovers.count > 0, "no replica froze in a transaction")
    }
}
