import TestSupport
import Testing

extension Chaos {
    @Test func `the leader of a cluster of nats-servers is killed`() async throws {
        let (cluster, parts) = try await Self.cluster()
        try await Chaos.run(parts) { KillLeader(cluster, $0, waitsForReplicas: true) }
    }

    @Test func `the leader of a cluster of nats-servers is killed while others catch up`() async throws {
        let (cluster, parts) = try await Self.cluster()
        try await Chaos.run(parts) {
            $0.client.losesStream = true
        } under: {
            KillLeader(cluster, $0, waitsForReplicas: false)
        }
    }

    private static func cluster() async throws -> (Cluster, InstallationParts) {
        let cluster = try await Cluster.start()
        var parts = try await InstallationParts.new(
            environment: ["NATS_URL": cluster.url, "NATS_STREAM_REPLICAS": "3"])
        parts.nats = cluster.nodes[0]
        parts.moreServers = Array(cluster.nodes.dropFirst())
        return (cluster, parts)
    }
}
