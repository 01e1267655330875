import Contracts
import Foundation
import PlatformSupport
import Testing

/// Something is done, and who asked for it hears that it failed: nothing is lost, and nothing is done twice that counts.
@Suite(.timeLimit(.minutes(5))) struct ExecuteThenFailTests {
    @Test(arguments: [(ServiceKind.planner, 6), (.coder, 6), (.validator, 3), (.pusher, 3)])
    func `a commit is done and not confirmed`(_ kind: ServiceKind, _ commits: Int) async throws {
        try await CutInstallation.with(kind) { cut in
            for number in 1...commits { try await cut.play("commit", cut.commits, number) }
        }
    }

    @Test func `a lease is given back and the commit is not confirmed`() async throws {
        let giveBack: CutInstallation.WatcherMaker = { CommitWatcher($0, holding: "the lease expired") }
        try await CutInstallation.with(.notifier, database: giveBack) { cut in
            try await cut.playRepair("commit", cut.commits)
        }
    }

    @Test func `a run that was given back is announced and the message is not acknowledged`() async throws {
        try await CutInstallation.with(.notifier) { cut in try await cut.playRepair("publish", cut.publishes) }
    }

    @Test func `the record of a delivered webhook is made and not confirmed`() async throws {
        let record: CutInstallation.WatcherMaker = { CommitWatcher($0, holding: "insert into webhook_attempts") }
        try await CutInstallation.with(.webhookBridge, database: record) { cut in
            try await cut.play("commit", cut.commits, 1)
        }
    }

    @Test func `a webhook arrives and cannot be recorded`() async throws {
        // The answer to the one plain insert of the bridge: its transaction is rolled back.
        let record: CutInstallation.WatcherMaker = { AnswerWatcher($0, holding: "INSERT 0 1\0") }
        try await CutInstallation.with(.webhookBridge, database: record) { cut in
            try await cut.play("record", cut.commits, 1, Drill.Repeats(webhooks: 1...1))
        }
    }

    @Test(arguments: [(ServiceKind.planner, 6), (.coder, 5), (.validator, 3), (.pusher, 3)])
    func `a message is stored and not acknowledged`(_ kind: ServiceKind, _ messages: Int) async throws {
        try await CutInstallation.with(kind) { cut in
            for number in 1...messages { try await cut.play("publish", cut.publishes, number) }
        }
    }

    @Test(arguments: [(ServiceKind.planner, 1), (.coder, 2)])
    func `the model answers and the end of its answer is lost`(_ kind: ServiceKind, _ turns: Int) async throws {
        try await CutInstallation.with(kind) { cut in
            for number in 1...turns {
                try await cut.play("answer", cut.answers, number, Drill.Repeats(modelCalls: 1...1))
            }
        }
    }

    @Test func `a push gets through and is reported as failed`() async throws {
        try await CutInstallation.with(.pusher) { cut in
            let drill = try await Drill(on: cut.platform)
            try drill.loseOnePush()
            try await cut.platform.submit(drill.draft)
            try await drill.check("push")
            #expect(drill.hasLostPush)
        }
    }

    @Test(arguments: [WebhookSink.Behaviour.recovers, .closes])
    func `a webhook arrives and is answered as failed`(_ behaviour: WebhookSink.Behaviour) async throws {
        try await CutInstallation.with(.webhookBridge) { cut in
            let drill = try await Drill(on: cut.platform, webhooks: behaviour)
            try await cut.platform.submit(drill.draft)
            try await drill.check("webhook", Drill.Repeats(webhooks: 1...1))
        }
    }
}
