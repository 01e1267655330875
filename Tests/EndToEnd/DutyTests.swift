import Contracts
import Database
import Foundation
import Foundations
import PlatformSupport
import ScriptedModelServer
import TestSupport
import Testing

/// Two notifiers, of which one works for both; each test has a platform of its own.
@Suite(.serialized, .timeLimit(.minutes(2))) struct DutyTests {
    private static let roles: [Role] = [.coder("repaired", Sample.repair), .anyPlanner]
    private static let lease: Duration = .seconds(3)

    /// A platform without coders and with two notifiers.
    private func withPlatform(_ body: (Platform) async throws -> Void) async throws {
        var settings = PlatformSettings(roles: Self.roles, environment: ["LEASE_SECONDS": "3"])
        settings.kinds.removeAll { $0 == .coder }
        try await Platform.with(settings) { platform in
            try await eventually("the first has the duties") { try await holders(platform).count == 1 }
            try await platform.start(.notifier, name: "second-notifier")
            try await body(platform)
        }
    }

    /// The notifiers that hold duties whose lease lives.
    private func holders(_ platform: Platform) async throws -> [RunningService] {
        let owners = try await platform.rows("select distinct owner::text from duties where lease_until > now()")
        return owners.compactMap { $0["owner"]?.stringValue.flatMap(platform.replica(owner:)) }
    }

    @Test func `of two notifiers one works, and when it dies the other does within the lease`() async throws {
        try await withPlatform { platform in
            var draft = TaskDraft("repaired", remote: try await GitRemote(files: Sample.files))
            draft.validation = ["commands": Sample.commands]
            let coder = try await platform.start(
                .coder, name: "coder-armed", environment: ["AUTOMATA_CRASH_AT": "after-claim"])
            let first = try #require(try await holders(platform).first)
            try await platform.submit(draft)
            _ = try await coder.process.waitForExit(within: .seconds(30))
            // Nobody is left who takes the coder's lease back but the other notifier.
            try await first.process.kill9()
            let start = ContinuousClock.now
            try await eventually("the other has the duties") {
                let holders = try await holders(platform)
                return holders.count == 1 && holders.first !== first
            }
            // A lease of three seconds, and time for a machine that runs all the other tests too.
            #expect(ContinuousClock.now - start < Self.lease + .seconds(3))
            try await platform.start(.coder, name: "coder-spare")
            let task = try await platform.end(of: draft)
            #expect(task.result.status == .completed)
            #expect(task.events.map(\.event.seq) == Array(1...task.events.count))
        }
    }

    @Test func `a notifier that ends in good order hands its duties over`() async throws {
        try await withPlatform { platform in
            let first = try #require(try await holders(platform).first)
            try await first.process.stop()
            #expect(try await !holders(platform).contains { $0 === first })
            try await eventually("the other has the duties", within: Self.lease) {
                try await !holders(platform).isEmpty
            }
        }
    }
}
