import Contracts
import Database
import Foundation
import Foundations
import PlatformSupport
import ScriptedModelServer
import TestSupport
import Testing

extension Chaos {
    /// Runs killed, one after the other.
    private static let kills = 6
    private static let lease: Duration = .seconds(2)

    private static func role(_ round: Int) -> Role {
        .coder("hangs-\(round)", [Turn.write("app.txt", "new\n").failing(.hang, times: 1), .finish()])
    }

    @Test func `the run of a killed replica goes on within its lease and two seconds`() async throws {
        let settings = PlatformSettings(
            roles: (1...Self.kills).map(Self.role) + [.anyPlanner],
            environment: ["LEASE_SECONDS": "\(Self.lease.components.seconds)"])
        try await Platform.with(settings) { platform in
            let remote = try await GitRemote(files: Sample.files)
            try await platform.start(.coder, name: "coder-0")
            var times: [Duration] = []
            for round in 1...Self.kills { times.append(try await Self.killOwner(round, platform, remote)) }
            times.sort()
            let (median, longest) = (times[times.count / 2], times[times.count - 1])
            print("chaos recovery after kill -9, lease \(Self.lease): p50 \(median), max \(longest)")
            #expect(longest < Self.lease + .seconds(2))
        }
    }

    /// Kills the coder in the middle of a model call. Returns the time until another one began the step anew.
    private static func killOwner(_ round: Int, _ platform: Platform, _ remote: GitRemote) async throws -> Duration {
        let model = "hangs-\(round)"
        var draft = TaskDraft(model, remote: remote)
        draft.validation = ["commands": Sample.commands]
        try await platform.submit(draft)
        try await eventually("the model hangs") { try hungCalls(platform, model) > 0 }
        let leased = try await platform.rows("select owner from stage_runs where state = 'leased'")
        let owner = try #require(leased.first?["owner"]?.stringValue)
        let victim = try #require(platform.replica(owner: owner))
        let start = ContinuousClock.now
        try await victim.process.kill9()
        try await eventually("another one goes on") { try hungCalls(platform, model) > 1 }
        let time = ContinuousClock.now - start
        #expect(try await platform.end(of: draft).result.status == .completed)
        try await platform.start(.coder, name: "coder-\(round)")
        return time
    }

    /// How many calls there were from the one on that got no answer.
    private static func hungCalls(_ platform: Platform, _ model: String) throws -> Int {
        try platform.witness(model).drop { $0["reply"] != "hang" }.count
    }
}
