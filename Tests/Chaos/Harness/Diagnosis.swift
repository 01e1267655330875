import Database
import Foundation
import Foundations
import JetStream
import Messaging
import PlatformSupport
import TestSupport

/// How everything stands, for people who look for the cause of a failed run.
struct Diagnosis: Sendable {
    private let installation: Installation

    init(_ installation: Installation) { self.installation = installation }

    func text() async -> String {
        var parts: [String] = []
        for (title, query) in Self.queries {
            let rows = try? await installation.platform.rows(query)
            parts.append(
                "== \(title)\n" + (rows ?? ["unreadable"]).map { (try? $0.text()) ?? "" }.joined(separator: "\n"))
        }
        parts.append("== consumers\n" + (await consumers()))
        parts += installation.supervisor.running.map { service in
            let last = service.process.output.elements.suffix(6).joined(separator: "\n  ")
            return "== \(service.log) runs as \(service.process.processID ?? 0)\n  \(last)"
        }
        return parts.joined(separator: "\n")
    }

    /// What the services logged about a task, in the order of its time.
    func log(of task: String, atMost limit: Int = 80) async -> String {
        let rows = try? await installation.platform.rows("select workflow_id from tasks where task_id = \(task)")
        let workflow = rows?.first?["workflow_id"]?.stringValue ?? task
        var lines: [String] = []
        for service in installation.platform.services.elements {
            let name = URL(filePath: service.log).deletingPathExtension().lastPathComponent
            lines += service.process.output.elements.filter { $0.contains(workflow) || $0.contains(task) }
                .map { "\($0.prefix(24)) [\(name)] \($0.dropFirst(24).prefix(300))" }
        }
        return "== log of \(task) (\(workflow))\n" + lines.sorted().suffix(limit).joined(separator: "\n")
    }

    private func consumers() async -> String {
        let request = BusMessage(subject: "$JS.API.CONSUMER.LIST.AUTOMATA", payload: Data("{}".utf8))
        guard let answer = try? await installation.platform.bus.request(request, timeout: .seconds(2)),
            let list = try? JSONValue(parsing: answer.payload)["consumers"]?.arrayValue
        else { return "unreadable" }
        return list.map { consumer in
            let names = ["num_pending", "num_ack_pending", "num_redelivered", "num_waiting"]
            let facts = names.map { "\($0)=\(consumer[$0]?.intValue ?? -1)" }.joined(separator: " ")
            return "\(consumer["name"]?.stringValue ?? "?") \(facts)"
        }.joined(separator: "\n")
    }

    private static let queries: [(String, SQL)] = [
        (
            "open runs",
            """
            select r.workflow_id, t.task_id, r.stage, r.round, r.state, r.owner, r.epoch, r.attempts, r.last_error,
                r.lease_until - now() as lease_left, r.run_at - now() as due_in, now() - r.announced_at as announced
            from stage_runs r join tasks t using (workflow_id)
            where r.slot = 'step' and r.finished_at is null limit 20
            """
        ),
        ("waits for nothing", RecordReader.vainWaits),
        ("notices", "select workflow_id, kind, child_key, now() - created_at as age from notices limit 20"),
        (
            "unpublished",
            "select id, workflow_id, seq, subject, now() - created_at as age from outbox where published_at is null limit 20"
        ),
        (
            "webhooks",
            "select slot, state, attempts, run_at - now() as due_in, owner, last_error from stage_runs "
                + "where kind = 'webhook' and state <> 'done' limit 20"
        ),
    ]
}
