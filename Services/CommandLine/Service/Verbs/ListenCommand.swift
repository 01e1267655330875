import ArgumentParser
import Cryptography
import Foundation
import Foundations

/// `automata webhooks listen`
struct ListenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "listen", abstract: "Receives webhooks on the loopback address and verifies their signatures.",
        discussion: "What is not signed as it should be is answered with 401 and not counted.")

    @Option(name: .long, help: "The port; 0 takes a free one.") var port: UInt16 = 0
    @Option(name: .long, help: "The signing secret (default: WEBHOOK_SECRET, else those of the stack of this folder).")
    var secret: String?
    @Option(name: .long, help: "End after so many deliveries.") var count: Int?
    @Flag(name: .long, help: "Print each delivery as a line of JSON.") var json = false

    func run() async throws {
        try await reporting {
            let receiver = WebhookReceiver(secrets: try secrets())
            var seen = 0
            try await receiver.receive(port: port) { port in
                Output.line("listening on http://127.0.0.1:\(port)")
            } onDelivery: { delivery in
                show(delivery)
                seen += 1
                return count.map { seen < $0 } ?? true
            }
        }
    }

    /// Those that are given; of a private stack also the secret of the company that the webhook is of.
    private func secrets() throws -> @Sendable (CompanyID?) throws -> [WebhookSecret] {
        let own = ProcessInfo.processInfo.environment["WEBHOOK_SECRET"]
        let keys = try StackKeys.loadOrCreate(.current)
        let isOfStack = secret == nil && own == nil
        let master = try keys.webhookMaster.map { try WebhookMasterKey(Secret($0)) }
        do {
            let given = try (secret ?? own ?? keys.webhookSecret).split(separator: " ")
                .map { try WebhookSecret(Secret(String($0))) }
            return { company in
                guard isOfStack, let company, let master else { return given }
                return given + [try WebhookSecret(master.secret(of: company))]
            }
        } catch {
            throw Failure("\(error)", Exit.settings)
        }
    }

    private func show(_ delivery: VerifiedWebhook) {
        let body = (try? JSONValue(parsing: delivery.body)) ?? .null
        guard !json else {
            let line: JSONValue = ["id": .string(delivery.id), "verified": true, "body": body]
            return Output.text(((try? line.text()) ?? delivery.id) + "\n")
        }
        let type = body["type"]?.stringValue ?? "?"
        let status = body["data"]?["status"]?.stringValue ?? "?"
        Output.line("verified  \(delivery.id)  \(type)  \(status)")
    }
}
