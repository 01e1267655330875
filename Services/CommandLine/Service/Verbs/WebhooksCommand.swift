import ArgumentParser

/// `automata webhooks`
struct WebhooksCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "webhooks", abstract: "Lists webhooks, delivers one again, and receives them for a try.",
        subcommands: [ListWebhooksCommand.self, ReplayWebhookCommand.self, ListenCommand.self])
}
