import Foundations
import Glibc
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization

/// Serves a ``Dispatcher`` over HTTP/1.1, by Hummingbird: nothing else of the gateway knows it.
struct HTTPServer: Service {
    /// More connections wait until others end: a stream is one each.
    private static let maximumConnections = EventFollower.maximumStreams + LogFollower.maximumStreams + 200
    /// How long a connection may rest between requests, and a request between its parts.
    private static let idleTimeout: TimeAmount = .seconds(60)

    private let gateway: Gateway
    private let host: String
    private let port: UInt16
    /// Called once it takes connections.
    private let onOpen: @Sendable () -> Void

    init(_ gateway: Gateway, host: String, port: UInt16, onOpen: @escaping @Sendable () -> Void = {}) {
        self.gateway = gateway
        self.host = host
        self.port = port
        self.onOpen = onOpen
    }

    func run() async throws {
        Self.raiseFileLimit()
        let desk = Desk(Dispatcher(gateway))
        let configuration = ApplicationConfiguration(
            address: .hostname(host, port: Int(port)), backlog: 512,
            availableConnectionsDelegate: MaximumAvailableConnections(Self.maximumConnections, logger: quiet))
        let application = Application(
            responder: CallbackResponder { (request: Request, client: Client) in
                await HTTPExchange(request, isLocal: client.isLocal) {
                    client.channel.close(mode: .all, promise: nil)
                }.response(desk.dispatcher)
            },
            server: .http1(configuration: .init(idleTimeout: Self.idleTimeout)), configuration: configuration,
            onServerRunning: { channel in
                let port = UInt16(channel.localAddress?.port ?? Int(port))
                desk.open(at: port)
                onOpen()
                gateway.logger.info("HTTP is up", metadata: ["address": "\(host)", "port": "\(port)"])
            }, logger: quiet)
        try await application.run()
    }

    /// What a connection does is not for operators.
    private var quiet: Logger {
        var logger = gateway.logger
        logger.logLevel = max(.warning, logger.logLevel)
        return logger
    }

    /// Every stream holds a descriptor, and the usual limit is 1,024.
    private static func raiseFileLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = max(limit.rlim_cur, min(limit.rlim_max, 65_536))
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}

/// Who answers; from the moment on that the port is known.
private final class Desk: Sendable {
    private let current: Mutex<Dispatcher>

    init(_ dispatcher: Dispatcher) { current = Mutex(dispatcher) }

    var dispatcher: Dispatcher { current.withLock { $0 } }

    func open(at port: UInt16) { current.withLock { $0.gateway.origins.port = port } }
}

/// What is known of who asks.
private struct Client: InitializableFromSource {
    private static let loopback = ["127.0.0.0/8", "::1"].compactMap { AddressRange($0) }

    let isLocal: Bool
    /// Its connection.
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        channel = source.channel
        let address = source.channel.remoteAddress?.ipAddress.flatMap { IPAddress($0) }?.unmapped
        isLocal = address.map { address in Self.loopback.contains { $0.contains(address) } } ?? false
    }
}
