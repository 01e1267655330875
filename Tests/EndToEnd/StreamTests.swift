import Contracts
import Foundations
import JetStream
import Messaging
import PlatformSupport
import ScriptedModelServer
import TestSupport
import Testing

/// Who makes the stream that services share; each test has a platform of its own.
@Suite(.timeLimit(.minutes(2))) struct StreamTests {
    private static let roles: [Role] = [.coder("shared", Sample.repair), .anyPlanner]

    @Test func `services that start first wait for the stream, and what newer programs added to it stays`()
        async throws
    {
        var settings = PlatformSettings(roles: Self.roles)
        settings.kinds = []
        try await Platform.with(settings) { platform in
            // Nobody else makes it, so that these start only once a planner has.
            let early: [ServiceKind] = [.coder, .validator, .pusher, .webhookBridge, .gateway]
            try await withThrowingTaskGroup(of: Void.self) { group in
                for kind in early { group.addTask { _ = try await platform.start(kind) } }
                group.addTask { _ = try await platform.start(.planner) }
                try await group.waitForAll()
            }
            let future = "automata.workflows.*.*.*.of_the_future"
            let newer = StreamDeclaration(name: StreamNames.events, subjects: [future])
            try await platform.bus.declare(newer, consumers: [])
            try await platform.start(.notifier)
            let subjects = try #require(try await platform.bus.streamState(StreamNames.events)).subjects
            #expect(subjects.contains(future))
            #expect(Set(subjects).isSuperset(of: SubjectScheme().streamSubjects))

            var draft = TaskDraft("shared", remote: try await GitRemote(files: Sample.files))
            draft.validation = ["commands": Sample.commands]
            try await platform.untilAnswered()
            let task = try await platform.run(draft)
            #expect(task.result.status == .completed)
        }
    }
}
