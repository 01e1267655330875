import Contracts
import Foundation
import Foundations
import JetStream
import Logging
import Messaging
import TestSupport

@testable import CommandLineTool

/// A nats-server with users of the table, and a witness that sees everything.
struct ClosedServer: Sendable {
    let server: NATSServer
    let configuration: NATSConfiguration

    static func with(_ body: (ClosedServer) async throws -> Void) async throws {
        var configuration = NATSConfiguration(
            host: "127.0.0.1", companies: ["acme", "globex"].map { CompanyID(validated: $0) })
        configuration.passwords = .given(
            Dictionary(uniqueKeysWithValues: configuration.users.map { ($0, NATSConfiguration.newPassword()) }))
        let server = try await NATSServer.start { port, store in
            configuration.port = port
            configuration.store = store
            return BusWitness.added(to: try configuration.text())
        }
        try await body(ClosedServer(server: server, configuration: configuration))
        try await server.stop()
    }

    func connect(_ user: BusUser) async throws -> JetStreamBus {
        try await connect(try configuration.url(of: user), user.inboxPrefix)
    }

    func witness() async throws -> JetStreamBus {
        try await connect(BusWitness.url(port: server.port), BusWitness.inboxPrefix)
    }

    private func connect(_ url: String, _ inboxPrefix: String) async throws -> JetStreamBus {
        let bus = JetStreamBus(
            JetStreamConfiguration(
                url: Secret(url), name: "test", inboxPrefix: inboxPrefix, answerTimeout: .seconds(2),
                logger: Logger(label: "test")))
        try await bus.connect()
        return bus
    }
}
