import ArgumentParser
import Contracts
import ServiceKit
import TaskStore

/// `automata webhooks replay`
struct ReplayWebhookCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Delivers a webhook message again, with the same id.")

    @OptionGroup var options: ClientOptions
    @Argument(help: "The webhook-id.") var id: String

    func run() async throws {
        try await reporting {
            let source = try await options.source()
            let (_, store) = try Record.open(source)
            guard try await store.replayWebhook(id, defaultURL: try source.text(.webhookURL)) else {
                throw Failure("there is no webhook message \(id)", Exit.notFound)
            }
            Output.line("queued")
        }
    }
}
