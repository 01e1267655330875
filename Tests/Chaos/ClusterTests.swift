import TestSupport
import Testing

/// Without families: a consumer that such a server forgets to serve is repaired where its kind is known, and that of
/// coordinating steps is known to this suite alone.
extension Chaos {
    @Test func `the leader of a cluster of nats-servers is killed`() async throws {
        let (cluster, parts) = try await Self.cluster()
        try await Chaos.run(parts) {
            $0.families.count = 0
        } under: {
            KillLeader(cluster, $0, waitsForReplicas: true)
        }
    }

    @Test func `the leader of a cluster of nats-servers is killed while others catch up`() async throws {
        let (cluster, parts) = try await Self.cluster()
        try await Chaos.run(parts) {
            $0.client.losesStream = true
            $0.families.count = 0
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
