import ArgumentParser
import Contracts
import Foundation
import Foundations
import JetStream
import Messaging

/// Follows a task to its end: a live timeline on a terminal, plain lines elsewhere, one JSON object a line if asked.
struct Watcher: Sendable {
    let client: PlatformClient
    let address: TaskAddress
    let json: Bool

    /// Subscribes, runs `begin`, shows where the task is, then its events. Throws ``Exit/failedTask`` if it fails.
    func follow(_ begin: @Sendable () async throws -> Void = {}) async throws {
        let messages = try await client.bus.subscribe(client.subjects.events(of: address))
        try await begin()
        var timeline = Timeline()
        if let end = try await snapshot(&timeline) { return try finish(end) }
        let end = try await tail(messages, &timeline)
        try finish(end)
    }

    /// Where the task is now. Its result, if it has ended.
    private func snapshot(_ timeline: inout Timeline) async throws -> WorkflowResult? {
        let fields = try await client.ask(address, .status, [:])
        let snapshot = try JSONValue.object(fields).decode(StatusSnapshot.self)
        guard snapshot.lastSeq > 3 || snapshot.status.isTerminal else { return nil }
        timeline.resume(after: snapshot)
        if json {
            // What was missed, as `status` tells it; its `last_seq` is where the events go on.
            try Output.jsonLine(.object(fields))
        } else {
            show(
                "         \(snapshot.status.rawValue) in \(snapshot.stage.rawValue), \(snapshot.lastSeq) events so far",
                timeline)
        }
        return snapshot.final
    }

    private func tail(_ messages: BusSubscription, _ timeline: inout Timeline) async throws -> WorkflowResult {
        for await message in messages {
            guard let event = try? JSON.decode(Event.self, from: message.payload), let line = timeline.line(event)
            else {
                continue
            }
            if json {
                Output.text(String(decoding: message.payload, as: UTF8.self) + "\n")
            } else {
                show(line, timeline)
            }
            if event.notificationType.isTerminal {
                if !json, Output.isTerminal { Output.text("\u{1B}[2K\n") }
                return try event.details.decode(WorkflowResult.self)
            }
        }
        throw Failure("the connection to nats-server ended", Exit.unreachable)
    }

    private func show(_ line: String, _ timeline: Timeline) {
        guard Output.isTerminal else { return Output.line(line) }
        let bar = Output.plain(timeline.bar(now: Date()))
        Output.text("\u{1B}[2K\r\(Output.plain(line))\n\u{1B}[2m\(bar)\u{1B}[0m\r")
    }

    private func finish(_ result: WorkflowResult) throws {
        if !json {
            Output.line("status      \(result.status.rawValue)")
            if let branch = result.branchName { Output.line("branch      \(branch)") }
            if let commit = result.commitHash { Output.line("commit      \(commit)") }
            let used = result.artifacts
            let tokens = used.promptTokens.addingSaturated(used.completionTokens)
            Output.line(
                "used        \(used.llmCalls) model calls, \(tokens) tokens, "
                    + String(format: "$%.4f", used.costUSD))
            if let error = result.errorMessage { Output.line("reason      \(error)") }
        }
        if !result.success { throw Exit.failedTask }
    }
}
