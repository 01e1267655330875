import Foundation
import Foundations
import Synchronization

/// A private nats-server with JetStream on a loopback port, with a store of its own.
package final class NATSServer: Sendable {
    /// The port on 127.0.0.1; it stays the same over ``restart()``.
    package let port: Int
    /// The folder of the store, the log and the configuration.
    package let folder: TemporaryFolder
    private let configuration: String
    private let process: Mutex<ServerProcess?>

    /// For example `nats://127.0.0.1:14222`.
    package var url: String { "nats://127.0.0.1:\(port)" }

    /// The file that the server logs to.
    package var log: String { folder.path("nats.log") }

    /// Starts a server and returns when it is ready.
    ///
    /// - Parameter settings: More lines for its configuration file, such as `max_payload: 64KB`.
    package static func start(settings: String = "") async throws -> NATSServer {
        try await start { port, store in
            """
            host: 127.0.0.1
            port: \(port)
            jetstream { store_dir: "\(store)" }
            \(settings)
            """
        }
    }

    /// Starts a server with the configuration file that `configure` makes for a port and the folder of its store.
    package static func start(
        configuredBy configure: (_ port: Int, _ store: String) async throws -> String
    ) async throws -> NATSServer {
        for _ in 0..<3 {
            // Another process can take the free port before the server does.
            if let server = try? await NATSServer(port: FreePort.next(), configure) { return server }
        }
        return try await NATSServer(port: FreePort.next(), configure)
    }

    private init(port: Int, _ configure: (Int, String) async throws -> String) async throws {
        self.port = port
        folder = try TemporaryFolder("nats")
        configuration = try await configure(port, folder.path("store"))
        process = Mutex(try await Self.launch(folder: folder, configuration))
    }

    /// Kills the server (SIGKILL), as a crash would. The store stays.
    package func kill() async throws {
        try await current?.kill9()
        process.withLock { $0 = nil }
    }

    /// Ends the server in good order (SIGTERM). The store stays.
    package func stop() async throws {
        try await current?.stop()
        process.withLock { $0 = nil }
    }

    /// Starts the server again on the same port and store; kills it first if it runs.
    package func restart() async throws {
        try await kill()
        let next = try await Self.launch(folder: folder, configuration)
        process.withLock { $0 = next }
    }

    /// Kills the server and removes its store: all streams are gone at the next ``restart()``.
    package func wipeStore() async throws {
        try await kill()
        try? FileManager.default.removeItem(atPath: folder.path("store"))
    }

    /// Keeps a copy of the store as it is now, as a crash would leave it. The server is restarted for it.
    package func copyStore() async throws {
        try await kill()
        let copy = folder.path("store-copy")
        try? FileManager.default.removeItem(atPath: copy)
        try FileManager.default.copyItem(atPath: folder.path("store"), toPath: copy)
        try await restart()
    }

    /// Kills the server and puts the store of ``copyStore()`` back, for the next ``restart()``.
    package func putStoreBack() async throws {
        try await wipeStore()
        try FileManager.default.copyItem(atPath: folder.path("store-copy"), toPath: folder.path("store"))
    }

    /// As ``putStoreBack()``, but consumers keep what they have noted: they are ahead of their streams then.
    package func putMessagesBack() async throws {
        try await kill()
        let streams = "jetstream/$G/streams"
        for stream in try FileManager.default.contentsOfDirectory(atPath: folder.path("store-copy/\(streams)")) {
            let messages = folder.path("store/\(streams)/\(stream)/msgs")
            try FileManager.default.removeItem(atPath: messages)
            try FileManager.default.copyItem(
                atPath: folder.path("store-copy/\(streams)/\(stream)/msgs"), toPath: messages)
        }
    }

    /// Freezes the server: connections stay open, and nothing answers.
    package func pause() { current?.pause() }

    /// Lets the server go on after ``pause()``.
    package func resume() { current?.resume() }

    /// The id of the server's process while it runs.
    package var processID: Int32? { current?.processID }

    private var current: ServerProcess? { process.withLock { $0 } }

    private static func launch(folder: TemporaryFolder, _ configuration: String) async throws -> ServerProcess {
        try await ServerProcess(
            ["nats-server", "-c", try folder.write("nats.conf", configuration)], log: folder.path("nats.log"),
            ready: .line("Server is ready"))
    }
}
