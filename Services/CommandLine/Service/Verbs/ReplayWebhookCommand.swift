import ArgumentParser
import Contracts
import Foundations

/// `automata webhooks replay`
struct ReplayWebhookCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Delivers a webhook message again, with the same id.")

    @OptionGroup var options: ClientOptions
    @Argument(help: "The webhook-id.") var id: String
    @Option(name: .long, help: "The company whose it is. Logins of a company have to name it.") var company: String?
    @OptionGroup var actor: ActorOption

    func run() async throws {
        let scope = try QueryScope(company: company)
        try await reporting {
            let client = try await PlatformClient.connect(try await options.source())
            let found = try await client.page(QueryRequest("webhooks", filter: ["webhook_id": .string(id)]), in: scope)
            guard let address = found.items.first?.address else {
                throw Failure("there is no webhook message \(id)", Exit.notFound)
            }
            let message = ControlMessage(.replayWebhook(id: id), actor: actor.name)
            _ = try await client.ask(address, .control, message.json)
            Output.line("queued")
        }
    }
}
