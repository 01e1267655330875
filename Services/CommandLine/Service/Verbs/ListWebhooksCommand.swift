import ArgumentParser
import Contracts
import Foundation
import Foundations
import ServiceKit
import TaskStore

/// `automata webhooks list`
struct ListWebhooksCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists webhook messages that could not be delivered.")

    @OptionGroup var options: ClientOptions
    @Flag(name: .long, help: "Those that are delivered or will be tried again too.") var all = false
    @Option(name: .long, help: "At most so many.") var limit = 50
    @Flag(name: .long, help: "Print JSON.") var json = false

    func run() async throws {
        try await reporting {
            let (_, store) = try Record.open(try await options.source())
            let messages = try await store.webhooks(
                in: all ? WebhookSummary.State.allCases : [.dead, .disabled], limit: limit)
            guard !json else { return try Output.json(.array(messages.map(Self.row))) }
            for message in messages {
                let address = message.address
                let state = message.state.rawValue.padding(toLength: 10, withPad: " ", startingAt: 0)
                let error = message.lastError.map { "  (\($0.clipped(80)))" } ?? ""
                Output.line(
                    "\(state)\(message.id)  \(address.company)/\(address.project)/\(address.task)  "
                        + "\(message.attempts) attempts\(error)")
            }
        }
    }

    private static func row(_ message: WebhookSummary) -> JSONValue {
        [
            "webhook_id": .string(message.id), "company_id": .string(message.address.company.text),
            "project_id": .string(message.address.project.text), "task_id": .string(message.address.task.text),
            "url": message.url.map(JSONValue.string) ?? .null, "state": .string(message.state.rawValue),
            "attempts": .int(message.attempts), "last_error": message.lastError.map(JSONValue.string) ?? .null,
            "created_at": .string(Timestamp.text(message.createdAt)),
        ]
    }
}
