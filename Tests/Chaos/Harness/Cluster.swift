import Foundation
import Foundations
import JetStream
import Messaging
import PlatformSupport
import TestSupport

/// Three nats-servers that replicate their streams.
struct Cluster: Sendable {
    let nodes: [NATSServer]

    /// For clients.
    var url: String { nodes.map(\.url).joined(separator: ",") }

    static func start() async throws -> Cluster {
        let ports = try (0..<3).map { _ in try FreePort.next() }
        let routes = ports.map { "nats://127.0.0.1:\($0)" }.joined(separator: ", ")
        let nodes = try await withThrowingTaskGroup(of: (Int, NATSServer).self) { group in
            for (number, port) in ports.enumerated() {
                let settings = """
                    server_name: node\(number)
                    cluster { name: chaos, listen: "127.0.0.1:\(port)", routes: [\(routes)] }
                    """
                group.addTask { (number, try await NATSServer.start(settings: settings)) }
            }
            return try await group.reduce(into: [(Int, NATSServer)]()) { $0.append($1) }
        }
        return Cluster(nodes: nodes.sorted { $0.0 < $1.0 }.map(\.1))
    }
}

/// Kills the node that leads the stream.
final class KillLeader: Nemesis {
    /// What the leader tells of its replicas.
    private struct Members {
        var leader: Int?
        var areCurrent = false

        init(_ info: JSONValue) {
            leader = info["cluster"]?["leader"]?.stringValue?.last.flatMap { Int(String($0)) }
            let replicas = info["cluster"]?["replicas"]?.arrayValue ?? []
            areCurrent = replicas.count == 2 && replicas.allSatisfy { $0["current"]?.boolValue == true }
        }
    }

    private let cluster: Cluster
    private let bus: any MessageBus
    private let waitsForReplicas: Bool
    private let killed = Recorder<NATSServer>()
    let rest = 2.0...3.0
    let hold = 0.5...2.0

    /// - Parameter waitsForReplicas: Kills only when both other nodes hold what the leader holds. Killed while one was still
    ///   catching up, nats-server 2.9.10 was seen to go on with a leader that lacked the last 38 messages.
    init(_ cluster: Cluster, _ installation: Installation, waitsForReplicas: Bool) {
        self.cluster = cluster
        self.waitsForReplicas = waitsForReplicas
        bus = installation.platform.bus
    }

    func inject(_ random: inout SeededGenerator) async throws {
        var members = try? await members()
        while waitsForReplicas, members?.areCurrent != true {
            try await Deadline.elapse(.milliseconds(100))
            members = try? await self.members()
        }
        let node = cluster.nodes[members?.leader ?? Int.random(in: 0..<3, using: &random)]
        try await node.kill()
        killed.record(node)
    }

    func heal() async throws { try await killed.elements.last?.restart() }

    private func members() async throws -> Members {
        let request = BusMessage(subject: "$JS.API.STREAM.INFO.AUTOMATA")
        return Members(try JSONValue(parsing: try await bus.request(request, timeout: .seconds(2)).payload))
    }
}
