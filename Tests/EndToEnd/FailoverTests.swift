import Contracts
import Foundation
import Foundations
import PlatformSupport
import ScriptedModelServer
import TestSupport
import Testing

/// Each test kills a coder, so each has a platform of its own.
@Suite(.serialized, .timeLimit(.minutes(2))) struct FailoverTests {
    private static let roles: [Role] = [
        .coder(
            "long",
            [
                .write("one.txt", "one\n"), .write("two.txt", "two\n"),
                Turn.write("three.txt", "three\n").failing(.hang, times: 1), .write("app.txt", "new\n"), .finish(),
            ]),
        .anyPlanner,
    ]

    private func settings() -> PlatformSettings {
        PlatformSettings(roles: Self.roles, environment: ["LEASE_SECONDS": "3"])
    }

    /// Runs a task whose first coder is lost in the middle of a model call, and checks that the second one goes on.
    private func failOver(_ platform: Platform, _ lose: (RunningService) async throws -> Void) async throws -> Duration
    {
        let remote = try await GitRemote(files: Sample.files)
        var draft = TaskDraft("long", remote: remote)
        draft.validation = ["commands": Sample.commands]
        try await platform.submit(draft)
        try await eventually("the model hangs") { try platform.witness("long").contains { $0["reply"] == "hang" } }
        let first = try #require(platform.replicas(of: .coder).first)
        try await platform.start(.coder, name: "second-coder")
        let start = ContinuousClock.now
        try await lose(first)
        try await platform.event(.implementationStep, of: draft) { $0.event.message.contains("three.txt") }
        let resumed = ContinuousClock.now - start
        let task = try await platform.end(of: draft)
        #expect(task.result.status == .completed)
        #expect(task.events.map(\.event.seq) == Array(1...task.events.count))
        #expect(task.tools == ["write_file", "write_file", "write_file", "write_file", "finish"])
        let branch = try #require(task.result.branchName)
        let changed = try await remote.changedFiles(from: "main", to: branch)
        #expect(changed == ["app.txt", "one.txt", "three.txt", "two.txt"])
        // Every request that was answered was made once: nothing was paid for twice.
        let answered = try platform.witness("long").filter { $0["reply"] != "hang" }.compactMap {
            $0["hash"]?.stringValue
        }
        #expect(answered.count == 6)
        #expect(Set(answered).count == answered.count)
        #expect(task.result.artifacts.llmCalls == 6)
        return resumed
    }

    @Test func `a coder that is asked to end hands its task over at once`() async throws {
        try await Platform.with(settings()) { platform in
            let resumed = try await failOver(platform) { coder in
                let status = try await coder.process.stop(grace: .seconds(10))
                #expect(status == 0)
            }
            #expect(resumed < .seconds(3))
        }
    }

    @Test func `a coder that is killed is replaced when its lease has ended`() async throws {
        try await Platform.with(settings()) { platform in
            let resumed = try await failOver(platform) { coder in _ = try await coder.process.kill9() }
            // A lease of three seconds, and time for a machine that runs all the other tests too.
            #expect(resumed < .seconds(8))
        }
    }

    @Test func `services end in good order when they are asked to`() async throws {
        try await Platform.with(PlatformSettings(roles: Self.roles)) { platform in
            for service in platform.services.elements {
                let start = ContinuousClock.now
                let status = try await service.process.stop(grace: .seconds(20))
                #expect(status == 0, "\(service.kind): \(service.process.output.elements.suffix(4))")
                #expect(ContinuousClock.now - start < .seconds(10), "\(service.kind)")
            }
        }
    }
}
