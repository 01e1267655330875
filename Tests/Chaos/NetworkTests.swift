import Foundations
import TestSupport
import Testing

extension Chaos {
    @Test func `the network to nats-server breaks`() async throws {
        var parts = try await InstallationParts.new()
        let proxy = try await TCPProxy(to: parts.nats.port)
        parts.environment["NATS_URL"] = "nats://127.0.0.1:\(proxy.port)"
        try await Chaos.run(parts) { _ in BreakNetwork(proxy, to: "nats-server") }
    }

    @Test func `the network to Postgres breaks`() async throws {
        var parts = try await InstallationParts.new()
        let proxy = try await TCPProxy(to: parts.postgres.port)
        let direct = ":\(parts.postgres.port)/"
        parts.environment["DATABASE_URL"] = parts.databaseURL.replacing(direct, with: ":\(proxy.port)/")
        try await Chaos.run(parts) { _ in BreakNetwork(proxy, to: "Postgres") }
    }
}
