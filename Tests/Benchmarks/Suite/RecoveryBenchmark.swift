import Contracts
import Foundations
import PlatformSupport
import ScriptedModelServer
import Synchronization
import TestSupport

extension Benchmark {
    private static let lease = 2

    static let recovery = Benchmark("recovery", "from `kill -9` of a coder until another goes on with its task") {
        let models = (1...Size.kills.value).map { "hangs-\($0)" }
        var settings = PlatformSettings(
            roles: models.map(Role.hanging) + [.anyPlanner], environment: ["LEASE_SECONDS": "\(lease)"])
        let (postgres, nats) = (try await PostgresServer.start(), try await NATSServer.start())
        settings.nats = nats
        settings.databaseURL = try await postgres.createDatabase()
        let times = Mutex(Samples())
        try await Platform.with(settings) { platform in
            let remote = try await GitRemote(files: Sample.files)
            try await platform.start(.coder, name: "coder-0")
            for model in models {
                let time = try await platform.timeToResume(model, remote).time
                times.withLock { $0.add(time) }
            }
        }
        try await nats.stop()
        try await postgres.stop()
        let samples = times.withLock { $0 }
        let yardstick = Yardstick(what: "the lease", value: Double(lease) * 1000)
        return [
            Figure("recovery.p50", samples.p50, "ms", beside: yardstick),
            Figure("recovery.max", samples.percentile(1), "ms", beside: yardstick),
        ]
    }
}
