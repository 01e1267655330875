import ArgumentParser
import Contracts
import Foundation
import Foundations
import ServiceKit
import TaskStore

/// `automata webhooks list`
struct ListWebhooksCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists webhooks that are not delivered: those still tried, and those given up.")

    @OptionGroup var options: ClientOptions
    @Flag(name: .long, help: "Those that are delivered too.") var all = false
    @Option(name: .long, help: "Only webhooks of this company.") var company: String?
    @Option(name: .long, help: "The page behind this webhook-id.") var after: String?
    @Option(name: .long, help: "At most so many, up to \(WebhookFilter.maxLimit).") var limit = 50
    @Flag(name: .long, help: "Print JSON.") var json = false

    func validate() throws {
        guard (1...WebhookFilter.maxLimit).contains(limit) else {
            throw ValidationError("--limit: expected 1…\(WebhookFilter.maxLimit)")
        }
        if let company, CompanyID(company) == nil {
            throw ValidationError("--company: expected an id of [A-Za-z0-9_-]{1,64}")
        }
    }

    func run() async throws {
        try await reporting {
            let (_, store) = try Record.open(try await options.source())
            let messages = try await store.webhooks(
                WebhookFilter(
                    company: company.flatMap { CompanyID($0) }, includesDelivered: all, after: after, limit: limit))
            guard !json else { return try Output.json(.array(messages.map(Self.row))) }
            for message in messages { Output.line(Self.line(message)) }
            if messages.count == limit, let last = messages.last { Output.line("more: --after \(last.id)") }
        }
    }

    private static func line(_ message: WebhookSummary) -> String {
        let address = message.address
        let state = message.state.rawValue.padding(toLength: 10, withPad: " ", startingAt: 0)
        let next = message.nextAttemptAt.map { ", next \(Timestamp.text($0))" } ?? ""
        let error = message.lastError.map { "  (\($0.clipped(80)))" } ?? ""
        return "\(state)\(message.id)  \(address.company)/\(address.project)/\(address.task)  "
            + "\(message.attempts) attempts\(next)\(error)"
    }

    private static func row(_ message: WebhookSummary) -> JSONValue {
        [
            "webhook_id": .string(message.id), "company_id": .string(message.address.company.text),
            "project_id": .string(message.address.project.text), "task_id": .string(message.address.task.text),
            "url": message.url.map(JSONValue.string) ?? .null, "state": .string(message.state.rawValue),
            "attempts": .int(message.attempts), "last_error": message.lastError.map(JSONValue.string) ?? .null,
            "created_at": .string(Timestamp.text(message.createdAt)),
            "next_attempt_at": message.nextAttemptAt.map { .string(Timestamp.text($0)) } ?? .null,
        ]
    }
}
