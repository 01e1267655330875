import Contracts
import Database
import Foundation
import Foundations
import Glibc
import PlatformSupport
import ServiceKit
import TestSupport
import Testing

/// A platform on which the only replica of a service dies at a point, and another one takes over.
struct CrashStage {
    private let platform: Platform
    private let kind: ServiceKind
    /// Told how tasks end, as the receiver of a chat.
    private let chat: String

    /// Runs `body` on a platform where every service runs but `kind`.
    static func with(_ kind: ServiceKind, _ body: (CrashStage) async throws -> Void) async throws {
        var settings = PlatformSettings(
            roles: Drill.roles, environment: ["LEASE_SECONDS": "3", "MAX_RETRIES": "3", "WORKER_CONCURRENCY": "4"])
        // A notifier has something to do when a coder died.
        settings.kinds = ServiceKind.allCases.filter { $0 != kind && (kind != .notifier || $0 != .coder) }
        try await Platform.with(settings) { platform in
            try await body(
                CrashStage(platform: platform, kind: kind, chat: platform.sink.url(.accepts, "chat")))
        }
    }

    /// Lets a replica die in the course of a task, replaces it, and checks how the task ends.
    func play(_ crash: CrashCase) async throws {
        let drill = try await Drill(on: platform)
        try await provoke(crash, drill)
        try await start(kind)
        if kind == .notifier { try await start(.coder) }
        let repeats = Drill.Repeats(modelCalls: crash.lostModelCalls, webhooks: crash.lostWebhooks)
        try await drill.check("\(crash.testDescription)", repeats)
        if kind == .notifier { try await checkChat(drill, crash) }
        try await leave()
    }

    /// Ends the replicas of a case, whatever became of it.
    func leave() async throws {
        for kind in [kind] + (kind == .notifier ? [.coder] : []) {
            for service in platform.replicas(of: kind) { try await service.process.stop() }
        }
    }

    /// Returns when the armed replica is dead.
    private func provoke(_ crash: CrashCase, _ drill: Drill) async throws {
        switch kind {
        case .planner:
            let armed = try await arm(kind, crash.setting)
            try await platform.publish(drill.draft)
            try await expectDeath(of: armed, crash)
        case .coder, .validator, .pusher:
            let armed = try await arm(kind, crash.setting)
            try await platform.submit(drill.draft)
            try await expectDeath(of: armed, crash)
        case .webhookBridge:
            try await platform.submit(drill.draft)
            _ = try await platform.end(of: drill.draft)
            try await expectDeath(of: arm(kind, crash.setting), crash)
        case .notifier:
            let isRepair = crash.point.step == .commit || crash.point.step == .publish
            try await (isRepair ? leaveBehind(drill, crash) : finish(drill))
            try await expectDeath(of: arm(kind, crash.setting), crash)
        // It takes no step that could be half done.
        case .gateway: break
        }
    }

    /// A coder dies with a lease, which ends.
    private func leaveBehind(_ drill: Drill, _ crash: CrashCase) async throws {
        let coder = try await arm(.coder, "after-claim")
        try await platform.submit(drill.draft)
        try await expectDeath(of: coder, crash)
        try await eventually("the lease ends") { [platform] in
            try await !platform.rows("select 1 from stage_runs where state = 'leased' and lease_until < now()").isEmpty
        }
    }

    private func finish(_ drill: Drill) async throws {
        try await start(.coder)
        try await platform.submit(drill.draft)
        _ = try await platform.end(of: drill.draft)
    }

    /// Starts a replica that works as it should, on a host that has not seen the task.
    private func start(_ kind: ServiceKind) async throws {
        guard platform.replicas(of: kind).isEmpty else { return }
        try await platform.start(kind, name: "\(kind.rawValue)-spare", environment: ["CHAT_WEBHOOK_URL": chat])
    }

    /// Starts a replica that will die. `nil` if it did so at once.
    private func arm(_ kind: ServiceKind, _ setting: String) async throws -> RunningService? {
        do {
            return try await platform.start(
                kind, name: "\(kind.rawValue)-armed",
                environment: ["AUTOMATA_CRASH_AT": setting, "CHAT_WEBHOOK_URL": chat])
        } catch let error as ServerProcess.NotReady where error.exitStatus == 128 + SIGKILL {
            return nil
        }
    }

    private func expectDeath(of service: RunningService?, _ crash: CrashCase) async throws {
        guard let service else { return }
        do {
            let status = try await service.process.waitForExit(within: .seconds(30))
            #expect(status == 128 + SIGKILL, "\(crash.testDescription)")
        } catch is DeadlineExceeded {
            Issue.record("\(crash.testDescription) was never reached")
            try await service.process.kill9()
        }
    }

    /// People are told of the end, at most once too often.
    private func checkChat(_ drill: Drill, _ crash: CrashCase) async throws {
        let told = { @Sendable [platform, chat] in
            platform.sink.requests(to: chat).count { $0.text.contains(drill.draft.id) }
        }
        try await eventually("the chat is told") { told() > 0 }
        #expect(told() <= 2, "\(crash.testDescription)")
    }
}
