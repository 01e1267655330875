import Cryptography
import Foundation
import Foundations
import PlatformSupport
import TestSupport

/// One run: a load, a nemesis, and afterwards the witnesses' word.
struct ChaosRun: Sendable {
    let installation: Installation
    var loads = [Load()]
    /// Parents and children beside the tasks.
    var families: Families
    var client: Client
    let seed = ChaosSettings.seed
    /// How long faults are injected.
    private var duration: Duration { loads.map { $0.start + $0.duration }.max() ?? .zero }
    private let disturbances = Recorder<Disturbance>()

    init(_ installation: Installation) {
        self.installation = installation
        client = Client(platform: installation.platform)
        families = Families { [sink = installation.platform.sink] in sink.url(.accepts, $0) }
    }

    /// Runs the load under `nemesis` until all tasks have ended, and returns what the witnesses saw.
    func testimony(under nemesis: any Nemesis) async throws -> Testimony {
        try await whileSupervised {
            try await installation.supervisor.untilUp()
            try await installation.platform.untilAnswered()
            let tasks = loads.flatMap {
                $0.tasks(seed: seed, remotes: installation.remotes, marker: installation.marker)
            }
            let goals = try families.goals(
                seed: seed, remotes: installation.remotes, marker: installation.marker)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await torment(with: nemesis) }
                group.addTask {
                    try await Deadline.limit("every task is accepted", within: duration + .seconds(60)) {
                        try await client.submit(tasks, goals)
                    }
                }
                try await group.waitForAll()
            }
            let detector = StuckDetector(installation)
            let count = tasks.count + goals.count
            try await detector.wait("tasks end") { $0.tasks >= count && $0.unfinished == 0 }
            try await detector.wait("all comes to rest") { $0.unsettled == 0 }
            return try await hear(tasks.map(\.accepted) + goals.flatMap(\.accepted))
        }
    }

    /// Runs `body` beside the supervisor.
    private func whileSupervised<T: Sendable>(_ body: @escaping @Sendable () async throws -> T) async throws -> T {
        try await Deadline.first(of: body) {
            try await installation.supervisor.run()
            throw CancellationError()
        }
    }

    private func torment(with nemesis: any Nemesis) async throws {
        var random = SeededGenerator(seed: seed, stream: nemesis.name)
        let end = ContinuousClock.now + duration
        while ContinuousClock.now < end {
            try await Deadline.elapse(.seconds(Double.random(in: nemesis.rest, using: &random)))
            let start = Date()
            try await nemesis.inject(&random)
            try await Deadline.elapse(.seconds(Double.random(in: nemesis.hold, using: &random)))
            try await nemesis.heal()
            // What was sent before is heard after: it stands in the model's socket when its sender is no more.
            await installation.platform.untilModelHeard()
            disturbances.record(Disturbance(name: nemesis.name, start: start, end: Date()))
        }
    }

    private func hear(_ accepted: [AcceptedTask]) async throws -> Testimony {
        let platform = installation.platform
        var testimony = Testimony()
        testimony.leftovers = await Leftovers.find(installation)
        testimony.accepted = accepted
        testimony.disturbances = disturbances.elements
        testimony.modelCalls = try ModelWitness.calls(String(contentsOfFile: platform.witnessFile, encoding: .utf8))
        for remote in installation.remotes { testimony.refUpdates += try await RefUpdate.all(of: remote) }
        testimony.lostStream = client.losesStream
        testimony.heard = installation.subscriber.events.elements
        testimony.stored = try await StreamReader(bus: platform.bus).events()
        testimony.webhooks = platform.sink.arrived.map { SeenWebhook($0, at: platform.sink) }
        testimony.record = try await RecordReader.read(platform)
        testimony.unexpectedExits = installation.supervisor.unexpectedExits
        return testimony
    }
}
