import Contracts
import Database
import Foundation
import JetStream
import Messaging
import PlatformSupport
import ScriptedModelServer
import TestSupport
import Testing

/// The broker loses messages that it had confirmed, so the test has a platform of its own.
@Suite(.timeLimit(.minutes(2))) struct BrokerLossTests {
    private static let roles: [Role] = [.coder("steady", [.write("app.txt", "new\n"), .finish()]), .anyPlanner]

    @Test func `a submission is taken although it is stored where the intake was before the stream was put back`()
        async throws
    {
        try await Platform.with(PlatformSettings(roles: Self.roles, environment: ["LEASE_SECONDS": "2"])) { platform in
            let remote = try await GitRemote(files: Sample.files)
            try await platform.nats.copyStore()
            let first = TaskDraft("steady", remote: remote)
            try await platform.publish(first)
            _ = try await platform.end(of: first)
            try await eventually("it is known that the submission was taken") {
                try await platform.rows("select from broker_state where submissions_checked >= 1").isEmpty == false
            }
            // A notifier would fill the stream again at once: first the submission, then the repair.
            for notifier in platform.replicas(of: .notifier) { try await notifier.process.stop(grace: .seconds(10)) }
            let before = try #require(try await platform.bus.consumerState(stream: "AUTOMATA", durable: "intake"))
            try await platform.nats.putMessagesBack()
            try await platform.nats.restart()
            let second = TaskDraft("steady", remote: remote)
            let receipt = try await platform.publish(second)
            #expect(receipt.sequence <= before.delivered)
            try await platform.start(.notifier, name: "second-notifier")
            let end = try await platform.end(of: second)
            #expect(end.result.status == .completed)
            #expect(end.events.map(\.event.seq) == Array(1...end.events.count))
        }
    }
}
