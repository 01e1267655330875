import ArgumentParser

/// `automata webhooks`
struct WebhooksCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "webhooks",
        abstract: "Lists webhooks, delivers one again, prints secrets, and receives webhooks for a try.",
        subcommands: [
            ListWebhooksCommand.self, ReplayWebhookCommand.self, WebhookSecretCommand.self, ListenCommand.self,
        ])
}
