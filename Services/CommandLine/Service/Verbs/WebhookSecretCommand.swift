import ArgumentParser
import Contracts
import Cryptography
import Foundations
import ServiceKit

/// `automata webhooks secret`
struct WebhookSecretCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "secret", abstract: "Prints what the endpoints of a company's tasks verify webhooks with.",
        discussion:
            "It derives from WEBHOOK_MASTER_KEY (default: that of the stack of this folder); of two keys, the first."
    )

    @OptionGroup var options: ClientOptions
    @Argument(help: "The company's id.") var company: String

    func run() async throws {
        guard let company = CompanyID(company) else {
            throw ValidationError("expected a company's id of [A-Za-z0-9_-]{1,64}")
        }
        try await reporting {
            guard let key = try WebhookMasterKey.all(in: try await options.source()).first else {
                throw Failure("WEBHOOK_MASTER_KEY is not set: every company's secret is WEBHOOK_SECRET", Exit.settings)
            }
            Output.line(key.secret(of: company).reveal())
        }
    }
}

extension WebhookMasterKey {
    /// The keys that are set, else that of the private stack of the working directory if there is one.
    static func all(in source: SettingsSource) throws -> [WebhookMasterKey] {
        var texts = try source.list(.webhookMasterKey, separator: " ")
        if texts.isEmpty, let own = try StackKeys.load(.current)?.webhookMaster { texts = [own] }
        do {
            return try texts.map { try WebhookMasterKey(Secret($0)) }
        } catch {
            throw Failure("\(error)", Exit.settings)
        }
    }
}
