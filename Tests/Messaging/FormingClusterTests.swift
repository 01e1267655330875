import JetStream
import Messaging
import TestSupport
import Testing

/// What is declared while a cluster is not complete yet.
@Suite(.timeLimit(.minutes(1))) struct FormingClusterTests {
    @Test func `a cluster that lacks a node for the replicas is one to wait for`() async throws {
        let ports = try (0..<3).map { _ in try FreePort.next() }
        let routes = ports.map { "nats://127.0.0.1:\($0)" }.joined(separator: ", ")
        func node(_ number: Int) async throws -> NATSServer {
            try await NATSServer.start(
                settings: """
                    server_name: node\(number)
                    cluster { name: test, listen: "127.0.0.1:\(ports[number])", routes: [\(routes)] }
                    """)
        }
        async let second = node(1)
        let nodes = try await [node(0), second]
        let bus = JetStreamBus(.test(nodes[0].url))
        try await bus.connect()
        let stream = StreamDeclaration(name: "TEST", subjects: ["t.>"], replicas: 3)
        let errors = Recorder<BusError>()
        try await eventually("the cluster has a leader, and no place for three replicas") {
            guard let error = await busError({ try await bus.declare(stream, consumers: []) }) else { return true }
            errors.record(error)
            return error.message.contains("peers")
        }
        #expect(errors.elements.last?.message.contains("peers") == true)
        #expect(errors.elements.last?.isRetriable == true)
        let third = try await node(2)
        try await eventually("the stream is made") { try await bus.streamIsDeclared(stream) }
        bus.close()
        for node in nodes + [third] { try await node.stop() }
    }
}

extension JetStreamBus {
    fileprivate func streamIsDeclared(_ stream: StreamDeclaration) async throws -> Bool {
        await busError { try await declare(stream, consumers: []) } == nil
    }
}
