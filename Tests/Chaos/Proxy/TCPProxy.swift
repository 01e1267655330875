import FlyingSocks
import Foundation
import Foundations
import Synchronization
import TestSupport

/// Stands between clients and a server on this host, and passes on what it is told to.
final class TCPProxy: Sendable {
    /// What it does with what comes.
    enum Mode: Sendable {
        case pass
        /// Each piece waits before it is passed on.
        case delay(Duration)
        /// The next piece of each connection is passed on by half, and then the connection is closed.
        case cut
        /// Connections are accepted and stay open, and nothing is passed on until the mode changes.
        case stall
        /// Connections are closed as they come, and those that there are at once.
        case refuse
    }

    /// Where it listens on 127.0.0.1.
    let port: Int
    private let valve = Valve()
    private let running = Synchronization.Mutex<Task<Void, any Error>?>(nil)

    /// Looks at what passes on one connection. Called from two tasks, one for each direction.
    protocol Watcher: Sendable {
        /// The client sent this, and it is passed on.
        func fromClient(_ bytes: Data)
        /// The server answers this. Returns whether the connection is cut in front of it.
        func cuts(fromServer bytes: Data) -> Bool
    }

    /// Starts to listen for connections to `target`, a port of 127.0.0.1.
    ///
    /// - Parameter watcher: Makes what watches a new connection, if anything does.
    init(to target: Int, watcher: @escaping @Sendable () -> (any Watcher)? = { nil }) async throws {
        port = try FreePort.next()
        let pool = SocketPool<ePoll>.ePoll()
        try await pool.prepare()
        let socket = try Socket(domain: AF_INET, type: .stream)
        try socket.setValue(true, for: .localAddressReuse)
        try socket.bind(to: .inet(ip4: "127.0.0.1", port: UInt16(port)))
        try socket.listen()
        let listener = try AsyncSocket(socket: socket, pool: pool)
        let serving = Task { [valve] in
            defer { try? listener.close() }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await pool.run() }
                group.addTask { try await Self.accept(listener, pool, target, valve, watcher) }
                try await group.next()
                group.cancelAll()
            }
        }
        running.withLock { $0 = serving }
    }

    deinit { running.withLock { $0?.cancel() } }

    /// Changes what happens to what comes from now on, and to what waits.
    func set(_ mode: Mode) { valve.set(mode) }

    private static func accept(
        _ listener: AsyncSocket, _ pool: some AsyncSocketPool, _ target: Int, _ valve: Valve,
        _ watcher: @escaping @Sendable () -> (any Watcher)?
    ) async throws {
        try await withThrowingDiscardingTaskGroup { group in
            while true {
                let client = try await listener.accept()
                group.addTask {
                    // What happens to one connection is nothing to the others.
                    try? await connect(client, target, pool, valve, watcher())
                    try? client.close()
                }
            }
        }
    }

    private static func connect(
        _ client: AsyncSocket, _ target: Int, _ pool: some AsyncSocketPool, _ valve: Valve, _ watcher: (any Watcher)?
    ) async throws {
        if case .refuse = valve.mode { return }
        let address = try sockaddr_in.inet(ip4: "127.0.0.1", port: UInt16(target))
        let server = try await AsyncSocket.connected(to: address, pool: pool)
        defer { try? server.close() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await valve.pump(from: client, to: server) { bytes in
                    watcher?.fromClient(bytes)
                    return true
                }
            }
            group.addTask {
                try await valve.pump(from: server, to: client) { watcher?.cuts(fromServer: $0) != true }
            }
            group.addTask { try await valve.untilRefused() }
            defer { group.cancelAll() }
            try await group.next()
        }
    }
}
