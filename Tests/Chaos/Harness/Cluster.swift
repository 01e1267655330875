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
    private let cluster: Cluster
    private let bus: any MessageBus
    private let killed = Recorder<NATSServer>()
    let rest = 2.0...3.0
    let hold = 0.5...2.0

    init(_ cluster: Cluster, _ installation: Installation) {
        self.cluster = cluster
        bus = installation.platform.bus
    }

    func inject(_ random: inout SeededGenerator) async throws {
        let request = BusMessage(subject: "$JS.API.STREAM.INFO.AUTOMATA")
        let answer = try? await bus.request(request, timeout: .seconds(2))
        let info = try answer.map { try JSONValue(parsing: $0.payload) }
        let leader = info?["cluster"]?["leader"]?.stringValue?.last.flatMap { Int(String($0)) }
        let node = cluster.nodes[leader ?? Int.random(in: 0..<3, using: &random)]
        try await node.kill()
        killed.record(node)
    }

    func heal() async throws { try await killed.elements.last?.restart() }
}
