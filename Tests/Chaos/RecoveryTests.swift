import Contracts
import Foundations
import PlatformSupport
import ScriptedModelServer
import TestSupport
import Testing

extension Chaos {
    /// Runs killed, one after the other.
    private static let kills = 6
    private static let lease: Duration = .seconds(2)

    @Test func `the run of a killed replica goes on within its lease and two seconds`() async throws {
        let models = (1...Self.kills).map { "hangs-\($0)" }
        let settings = PlatformSettings(
            roles: models.map(Role.hanging) + [.anyPlanner],
            environment: ["LEASE_SECONDS": "\(Self.lease.components.seconds)"])
        try await Platform.with(settings) { platform in
            let remote = try await GitRemote(files: Sample.files)
            try await platform.start(.coder, name: "coder-0")
            var times: [Duration] = []
            for model in models {
                let (time, end) = try await platform.timeToResume(model, remote)
                #expect(end.result.status == .completed)
                times.append(time)
            }
            times.sort()
            let (median, longest) = (times[times.count / 2], times[times.count - 1])
            print("chaos recovery after kill -9, lease \(Self.lease): p50 \(median), max \(longest)")
            #expect(longest < Self.lease + .seconds(2))
        }
    }
}
