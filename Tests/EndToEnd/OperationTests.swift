import Contracts
import Database
import Foundation
import Foundations
import PlatformSupport
import ScriptedModelServer
import TestSupport
import Testing

/// Holding a whole platform and its replicas; each test has a platform of its own.
@Suite(.serialized, .timeLimit(.minutes(4))) struct OperationTests {
    private static let settings = PlatformSettings(roles: [.coder("repaired", Sample.repair), .anyPlanner])

    private func draft() async throws -> TaskDraft {
        var draft = TaskDraft("repaired", remote: try await GitRemote(files: Sample.files))
        draft.validation = ["commands": Sample.commands]
        return draft
    }

    private func waitsForPause(_ draft: TaskDraft, _ platform: Platform) async throws {
        try await eventually("the task waits") {
            try await platform.status(draft)["waits_for"] == "pause"
        }
    }

    @Test func `a platform that is paused begins nothing until it is resumed`() async throws {
        try await Platform.with(Self.settings) { platform in
            #expect(try await platform.tool(["pause", "--actor", "ann"]) == "paused\n")
            let (first, second) = (try await draft(), try await draft())
            try await platform.submit(first)
            try await waitsForPause(first, platform)
            #expect(try await platform.tool(["resume"]) == "going\n")
            #expect(try await platform.end(of: first).result.status == .completed)
            #expect(try await platform.tool(["pause", "globex"]) == "paused\n")
            #expect(try await platform.run(second).result.status == .completed)
            let pauses = try await platform.rows("select company_id, paused_by from pauses order by paused_at")
            #expect(pauses.map { $0["company_id"] } == ["*", "globex"] && pauses.first?["paused_by"] == "ann")
        }
    }

    @Test func `a checkpoint outlives everything, and its report is there until somebody resumes`() async throws {
        try await Platform.with(Self.settings) { platform in
            #expect(try await platform.run(try await draft()).result.status == .completed)
            // Nobody is left who could reach it at once.
            for service in platform.replicas(of: .notifier) { try await service.process.kill9() }
            #expect(try await platform.tool(["checkpoint", "--actor", "ann"]) == "halting\n")
            for service in platform.services.elements where service.process.isRunning {
                try await service.process.kill9()
            }
            for kind in Self.settings.kinds { try await platform.start(kind, name: "\(kind.rawValue)-again") }
            try await platform.untilAnswered()
            try await eventually("it is reached") {
                try await platform.rows("select standing from pauses where resumed_at is null").first?["standing"]
                    == "reached"
            }
            let report = try await platform.tool(["report"])
            #expect(report.contains("# Report on the platform") && report.contains("1 of 1 tasks ended with success"))
            let waiting = try await draft()
            try await platform.submit(waiting)
            try await waitsForPause(waiting, platform)
            #expect(try await platform.tool(["resume", "--actor", "bob"]) == "going\n")
            #expect(try await platform.end(of: waiting).result.status == .completed)
            #expect(try await platform.rows("select id from reports").count == 1)
        }
    }

    @Test func `replicas show themselves, pause, start again and drain`() async throws {
        var settings = Self.settings
        settings.kinds.removeAll { $0 == .coder }
        try await Platform.with(settings) { platform in
            func start(_ name: String) async throws -> RunningService {
                try await platform.start(.coder, name: name, environment: ["REPLICA_NAME": name])
            }
            let first = try await start("coder-1")
            try await eventually("it shows itself") {
                try await platform.tool(["replicas"]).contains("coder-1 ")
            }
            #expect(try await platform.tool(["pause", "--replica", "coder-1"]) == "pause\n")
            try await eventually("it is paused") {
                try await platform.rows("select from replicas where name = 'coder-1' and state = 'paused'").count == 1
            }
            let task = try await draft()
            try await platform.submit(task)
            try await eventually("the coder's work waits") {
                let fields = try await platform.status(task)
                return fields["stage"] == "implementation" && fields["waits_for"] == "worker"
            }
            #expect(try await platform.tool(["restart", "coder-1"]) == "restart\n")
            #expect(try await first.process.waitForExit(within: .seconds(30)) == 75)
            let second = try await start("coder-2")
            #expect(try await platform.end(of: task).result.status == .completed)
            try await eventually("what it did is counted") {
                try await platform.tool(["replicas"]).contains("finished 1, failed 0")
            }
            #expect(try await platform.tool(["drain", "coder-2"]) == "drain\n")
            #expect(try await second.process.waitForExit(within: .seconds(30)) == 0)
            #expect(try await platform.rows("select from replicas where service = 'coder'").isEmpty)
        }
    }

    @Test func `what services log is kept, by task`() async throws {
        try await Platform.with(Self.settings) { platform in
            let task = try await draft()
            #expect(try await platform.run(task).result.status == .completed)
            let name = "\(task.company)/\(task.project)/\(task.id)"
            try await eventually("its lines are recorded") {
                let lines = try await platform.tool(["logs", "500", "--task", name])
                return ["planner", "coder", "validator", "pusher"].allSatisfy { service in
                    lines.split(separator: "\n").contains { $0.contains(service) && $0.contains("step finished") }
                }
            }
            let secrets = try await platform.rows(
                "select from execution_logs where facts::text || message like \("%\(Platform.modelKey)%")")
            #expect(secrets.isEmpty)
        }
    }
}
