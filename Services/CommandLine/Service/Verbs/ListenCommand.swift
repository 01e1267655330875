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
    @Option(name: .long, help: "The signing secret (default: WEBHOOK_SECRET, else that of the stack of this folder).")
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

    private func secrets() throws -> [WebhookSecret] {
        let own = ProcessInfo.processInfo.environment["WEBHOOK_SECRET"]
        let text = try secret ?? own ?? StackKeys.loadOrCreate(.current).webhookSecret
        do {
            return try text.split(separator: " ").map { try WebhookSecret(Secret(String($0))) }
        } catch {
            throw Failure("\(error)", Exit.settings)
        }
    }

    private func show(_ delivery: WebhookDelivery) {
        let body = (try? JSONValue(parsing: delivery.body)) ?? .null
        guard !json else {
            let line: JSONValue = ["id": .string(delivery.id), "verified": true, "body": body]
            return Output.line((try? line.text()) ?? delivery.id)
        }
        let type = body["type"]?.stringValue ?? "?"
        let status = body["data"]?["status"]?.stringValue ?? "?"
        Output.line("verified  \(delivery.id)  \(type)  \(status)")
    }
}
