import ArgumentParser
import Contracts
import Foundation
import Foundations

/// `automata webhooks list`
struct ListWebhooksCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists webhooks that are not delivered: those still tried, and those given up.")

    @OptionGroup var options: ClientOptions
    @OptionGroup var list: ListOptions
    @Flag(name: .long, help: "Those that are delivered too.") var all = false
    @Option(name: .long, help: "The page behind this webhook-id.") var after: String?
    @Flag(name: .long, help: "Print JSON.") var json = false

    func run() async throws {
        try await reporting {
            let client = try await PlatformClient.connect(try await options.source())
            let messages = try await client.items(
                "webhooks", in: try list.scope(), filter: all ? [:] : ["status": ["pending", "dead", "disabled"]],
                limit: list.limit, after: after)
            guard !json else { return try Output.json(.array(messages.items)) }
            for message in messages.items { Output.line(Self.line(message)) }
            if let cursor = messages.cursor { Output.line("more: --after \(cursor)") }
        }
    }

    private static func line(_ message: JSONValue) -> String {
        let status = message.text("status").padding(toLength: 10, withPad: " ", startingAt: 0)
        let next = message["next_attempt_at"]?.stringValue.map { ", next \($0)" } ?? ""
        let error = message["last_error"]?.stringValue.map { "  (\($0.clipped(80)))" } ?? ""
        return "\(status)\(message.text("webhook_id"))  \(message.taskName)  "
            + "\(message["attempts"]?.intValue ?? 0) attempts\(next)\(error)"
    }
}
