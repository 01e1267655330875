import Contracts
import Foundation
import PlatformSupport
import ScriptedModelServer
import TestSupport
import Testing

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

@Suite(.timeLimit(.minutes(3))) struct MetricsTests {
    private static let roles: [Role] = [.coder("measured", Sample.repair), .anyPlanner]

    /// What the services of a kind tell.
    private static func scrape(_ platform: Platform, _ kind: ServiceKind) async throws -> Exposition {
        let service = try #require(platform.replicas(of: kind).first)
        let url = try #require(URL(string: service.healthURL + "/metrics"))
        let (data, _) = try await URLSession.shared.data(from: url)
        return try Exposition(String(decoding: data, as: UTF8.self))
    }

    /// Waits until a metric of a service is at least `least`.
    private func expect(
        _ platform: Platform, _ kind: ServiceKind, _ name: String, _ labels: [String] = [], least: Double = 1
    ) async throws {
        try await eventually("\(kind.rawValue) tells \(name)\(labels)") {
            let family = try await Self.scrape(platform, kind)
            let samples = family.families[name]?.samples.filter { key, _ in labels.allSatisfy(key.contains) } ?? [:]
            return samples.contains { $0.value >= least }
        }
    }

    @Test func `after a task every service tells what it did, in the format of Prometheus`() async throws {
        var settings = PlatformSettings(roles: Self.roles)
        settings.kinds = ServiceKind.allCases
        try await Platform.with(settings) { platform in
            var draft = TaskDraft("measured", remote: try await GitRemote(files: Sample.files))
            draft.validation = ["commands": Sample.commands]
            let task = try await platform.run(draft)
            #expect(task.result.status == .completed)
            for kind in ServiceKind.allCases {
                let text = try await Self.scrape(platform, kind)
                #expect(text.total("automata_build_info", "service=\"\(kind.rawValue)\"") == 1)
                #expect(text.total("automata_database_connections_max") == 4)
                #expect(text.total("automata_bus_connected") == 1)
                #expect(text.total("process_resident_memory_bytes") > 1e6)
            }
            for (kind, stage) in ServiceKind.allCases.flatMap({ kind in kind.row.kinds.map { (kind, $0.rawValue) } }) {
                try await expect(platform, kind, "automata_claims_total", ["kind=\"\(stage)\"", "result=\"taken\""])
                try await expect(platform, kind, "automata_stage_seconds", ["_count", "stage=\"\(stage)\""])
                try await expect(platform, kind, "automata_published_total", ["result=\"ok\""])
            }
            try await expect(platform, .planner, "automata_submissions_total", ["result=\"accepted\""])
            for kind in [ServiceKind.planner, .coder] {
                try await expect(platform, kind, "automata_model_calls_total", ["model=\"measured\"", "result=\"ok\""])
                try await expect(platform, kind, "automata_model_tokens_total", ["kind=\"prompt\""])
            }
            try await expect(platform, .coder, "automata_tool_calls_total", ["tool=\"finish\"", "result=\"ok\""])
            try await expect(platform, .webhookBridge, "automata_webhook_attempts_total", ["result=\"delivered\""])
            try await expect(platform, .webhookBridge, "automata_webhook_delay_seconds", ["_count"])
            try await expect(platform, .notifier, "automata_tasks_ended_total", ["status=\"completed\""])
            try await expect(platform, .notifier, "automata_outbox_unpublished", least: 0)
            try await expect(platform, .notifier, "automata_webhooks_pending", least: 0)
        }
    }
}
