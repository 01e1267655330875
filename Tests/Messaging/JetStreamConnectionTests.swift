import Foundation
import Foundations
import JetStream
import Logging
import Messaging
import ServiceLifecycle
import TestSupport
import Testing

/// Connecting, logging in, and shutting down.
@Suite("JetStream connection", .timeLimit(.minutes(1)), .serialized)
struct JetStreamConnectionTests {
    @Test func `user, password and token come from the URL, percent-encoded or not`() async throws {
        let users = "authorization { user: ann, password: \"p@ss:w/rd\" }"
        for login in ["ann:p@ss:w/rd", "ann:p%40ss%3Aw%2Frd"] { try await connects(login, settings: users) }
        try await connects("s3cr%2Bt", settings: "authorization { token: \"s3cr+t\" }")
    }

    @Test func `a refused login is an error without the password`() async throws {
        let server = try await NATSServer.start(settings: "authorization { user: ann, password: right }")
        let bus = JetStreamBus(.test("nats://ann:wrong-password@127.0.0.1:\(server.port)"))
        let error = await busError { try await bus.connect() }
        #expect(error?.code == .permission)
        #expect(error?.description.contains("wrong-password") == false)
        try await server.stop()
    }

    @Test func `a server that hangs up on the first connection is tried again`() async throws {
        let server = try await NATSServer.start()
        try await server.kill()
        let hangsUpOnce = """
            import socket
            listener = socket.create_server(("127.0.0.1", \(server.port)))
            print("listening", flush=True)
            listener.accept()[0].close()
            """
        let standIn = try await ServerProcess(["python3", "-c", hangsUpOnce], ready: .line("listening"))
        let bus = JetStreamBus(.test(server.url))
        async let connected: Void = bus.connect()
        #expect(try await standIn.waitForExit() == 0)
        try await server.restart()
        try await connected
        #expect(bus.isConnected)
        bus.close()
        try await server.stop()
    }

    @Test func `a lost connection counts as an interruption`() async throws {
        let server = try await NATSServer.start()
        let bus = JetStreamBus(.test(server.url))
        try await bus.connect()
        #expect(bus.interruptions == 0)
        try await server.restart()
        try await bus.declare(.test, consumers: [])
        #expect(bus.interruptions == 1)
        bus.close()
        try await server.stop()
    }

    @Test func `a server that is not there is an error, and the bus connects once it is`() async throws {
        let server = try await NATSServer.start()
        try await server.kill()
        var configuration = JetStreamConfiguration.test(server.url)
        configuration.connectTimeout = .milliseconds(200)
        let bus = JetStreamBus(configuration)
        #expect(await busError { try await bus.connect() }?.code == .disconnected)
        #expect(!bus.isConnected)
        async let declared: Void = bus.declare(.test, consumers: [])
        try await server.restart()
        try await declared
        #expect(bus.isConnected)
        try await bus.connect()
        bus.close()
        try await server.stop()
    }

    @Test func `a login that a starting server refuses a few times is tried again, also by who waited for it`()
        async throws
    {
        let server = try await NATSServer.start()
        try await server.kill()
        let bus = try await Self.waiting(for: server.url)
        let refusesThrice = """
            import contextlib, socket
            listener = socket.create_server(("127.0.0.1", \(server.port)))
            print("listening", flush=True)
            for _ in range(3):
                peer = listener.accept()[0]
                peer.sendall(b'INFO {"server_id":"s","version":"2.10.0","max_payload":1024,"auth_required":true}\\r\\n')
                got = b""
                while b"PING" not in got: got += peer.recv(4096)
                peer.sendall(b"-ERR 'Authorization Violation'\\r\\n")
                with contextlib.suppress(OSError):
                    peer.shutdown(socket.SHUT_WR)
                    while peer.recv(4096): pass
            """
        let standIn = try await ServerProcess(["python3", "-c", refusesThrice], ready: .line("listening"))
        async let connected: Void = bus.connect()
        #expect(try await standIn.waitForExit() == 0)
        try await server.restart()
        try await connected
        #expect(bus.isConnected)
        try await bus.declare(.test, consumers: [])
        bus.close()
        try await server.stop()
    }

    @Test func `a wrong login is an error, also where the server comes later`() async throws {
        let server = try await NATSServer.start(settings: "authorization { user: ann, password: right }")
        try await server.kill()
        let bus = try await Self.waiting(for: "nats://ann:wrong@127.0.0.1:\(server.port)")
        try await server.restart()
        #expect(await busError { try await bus.connect() }?.code == .permission)
        try await server.stop()
    }

    /// A bus whose server is not there yet.
    private static func waiting(for url: String) async throws -> JetStreamBus {
        let bus = JetStreamBus(.test(url))
        let first = Task { try await bus.connect() }
        first.cancel()
        await #expect(throws: CancellationError.self) { try await first.value }
        return bus
    }

    @Test func `of several URLs one that answers is enough`() async throws {
        let server = try await NATSServer.start()
        let dead = try FreePort.next()
        let bus = JetStreamBus(.test("nats://127.0.0.1:\(dead), \(server.url)"))
        try await bus.connect()
        try await bus.declare(.test, consumers: [])
        bus.close()
        try await server.stop()
    }

    @Test(arguments: ["", ",", "http://host", "nats://", "nats://ho st", "nats://a\r\nb"])
    func `a bad URL is refused`(_ url: String) async {
        #expect(await busError { try await JetStreamBus(.test(url)).connect() }?.code == .other)
    }

    @Test(arguments: [nil, "", "-----BEGIN NATS USER JWT-----\nabc\n------END NATS USER JWT------\n"])
    func `a credentials file that is missing or holds none is refused, before any server is there`(_ text: String?)
        async throws
    {
        let folder = try TemporaryFolder()
        var configuration = JetStreamConfiguration.test("nats://127.0.0.1:1")
        configuration.credentialsFile = try text.map { try folder.write("user.creds", $0) } ?? folder.path("none")
        let bus = JetStreamBus(configuration)
        #expect(await busError { try await bus.connect() }?.code == .permission)
    }

    @Test func `a forbidden subject fails at once`() async throws {
        let permissions = """
            authorization { users = [{ user: ann, password: p, permissions: {
                publish: { deny: ["t.forbidden"] } } }] }
            """
        let server = try await NATSServer.start(settings: permissions)
        let bus = JetStreamBus(.test("nats://ann:p@127.0.0.1:\(server.port)"))
        try await bus.connect()
        try await bus.declare(.test, consumers: [])
        let start = ContinuousClock.now
        #expect(await busError { try await bus.publish("t.forbidden", "x") }?.code == .permission)
        #expect(start.duration(to: .now) < .seconds(2))
        try await bus.publish("t.allowed", "x")
        bus.close()
        try await server.stop()
    }

    @Test func `a deleted consumer ends the wait`() async throws {
        try await withJetStream { bus, _ in
            let worker = try await bus.worker()
            async let waiting: Void = {
                let error = await busError { _ = try await worker.next(waitingAtMost: .seconds(20)) }
                #expect(error?.code == .notFound)
            }()
            #expect(try await worker.next(waitingAtMost: .milliseconds(50)) == nil)
            _ = try await bus.request(
                BusMessage(subject: "$JS.API.CONSUMER.DELETE.TEST.worker"), timeout: .seconds(5))
            await waiting
        }
    }

    @Test func `a graceful shutdown drains and closes`() async throws {
        let server = try await NATSServer.start()
        let bus = JetStreamBus(.test(server.url))
        try await bus.connect()
        let worker = try await bus.worker()
        let subscription = try await bus.subscribe("c.*", queueGroup: nil)
        let group = ServiceGroup(
            services: [bus], gracefulShutdownSignals: [], cancellationSignals: [], logger: Logger(label: "test"))
        async let running: Void = group.run()
        async let waiting = busError { _ = try await worker.next(waitingAtMost: .seconds(30)) }
        for index in 0..<100 { try await bus.send(BusMessage(subject: "c.\(index)")) }
        await group.triggerGracefulShutdown()
        try await running
        #expect(await subscription.reduce(0) { count, _ in count + 1 } == 100)
        #expect(await waiting?.code == .disconnected)
        #expect(await busError { try await bus.publish("t.a", "x") }?.code == .disconnected)
        #expect(!bus.isConnected)
        try await server.stop()
    }

    @Test func `what is answered right before a close is answered`() async throws {
        try await withJetStream { bus, server in
            let worker = try await bus.worker(.test(ackWait: .milliseconds(300)))
            for text in ["a", "b"] { try await bus.publish("t.x", text) }
            try await worker.delivery().acknowledge()
            bus.close()
            let other = JetStreamBus(.test(server.url))
            try await other.connect()
            let delivery = try await other.consumer(stream: "TEST", durable: "worker").delivery()
            #expect(delivery.message.text == "b")
            other.close()
        }
    }

    @Test func `a shutdown while the server is down does not hang`() async throws {
        try await withJetStream { bus, server in
            let group = ServiceGroup(
                services: [bus], gracefulShutdownSignals: [], cancellationSignals: [], logger: Logger(label: "test"))
            async let running: Void = group.run()
            try await server.kill()
            await group.triggerGracefulShutdown()
            try await running
        }
    }

    @Test func `connecting again returns once the one connection stands`() async throws {
        try await withJetStream { bus, _ in
            try await bus.connect()
            try await bus.declare(.test, consumers: [])
        }
    }

    private func connects(_ login: String, settings: String) async throws {
        let server = try await NATSServer.start(settings: settings)
        let bus = JetStreamBus(.test("nats://\(login)@127.0.0.1:\(server.port)"))
        try await bus.connect()
        try await bus.declare(.test, consumers: [])
        bus.close()
        try await server.stop()
    }
}
