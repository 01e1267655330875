import Testing

extension Chaos {
    @Test func `nats-server is killed`() async throws {
        try await Chaos.run(.new()) { KillBroker(installation: $0) }
    }

    @Test func `the store of nats-server is wiped`() async throws {
        try await Chaos.run(.new()) {
            $0.client.losesStream = true
        } under: {
            WipeBroker(installation: $0)
        }
    }

    @Test func `an older store of nats-server is put back`() async throws {
        try await Chaos.run(.new()) {
            $0.client.losesStream = true
        } under: {
            RollBackBroker(installation: $0)
        }
    }
}
