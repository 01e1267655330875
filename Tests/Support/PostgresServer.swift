import Foundation
import Foundations
import Synchronization

/// A private PostgreSQL cluster in a temporary folder, with `fsync` on, on a loopback port and a Unix socket.
///
/// The cluster is stopped and its folder removed when it is dropped, stopped, or when this process ends in any way.
package final class PostgresServer: Sendable {
    /// The port on 127.0.0.1; it stays the same over restarts.
    package let port: Int
    private let programs: PostgresServerPrograms
    private let folder: TemporaryFolder
    private let settings: [String: String]
    private let supervisor: Mutex<PostgresServerSupervisor?>

    /// The cluster that the tests of this process share. Take a database of your own with ``createDatabase(copying:)``.
    package static func shared() async throws -> PostgresServer { try await SharedPostgresServer.instance.server() }

    /// Starts a cluster and returns when it accepts connections.
    ///
    /// - Parameter settings: More of its configuration, such as `["max_connections": "20"]`.
    package static func start(settings: [String: String] = [:]) async throws -> PostgresServer {
        let server = try PostgresServer(settings: settings)
        try await server.programs.createCluster(in: server.folder)
        try await server.launch()
        return server
    }

    private init(settings: [String: String]) throws {
        self.settings = settings
        port = try FreePort.next()
        programs = try PostgresServerPrograms.find()
        folder = try TemporaryFolder("postgres")
        supervisor = Mutex(nil)
    }

    deinit { supervisor.withLock { $0?.release(keepingFolder: false) } }

    /// The URL of the database `postgres`, as superuser, over TCP.
    package var url: String { url(database: "postgres") }

    /// The URL of the database `postgres` over the Unix socket.
    package var socketURL: String { "postgres://postgres@/postgres?host=\(folder.path("socket"))&port=\(port)" }

    /// The file the server logs to.
    package var log: String { folder.path("postgres.log") }

    /// The id of the server's process, the parent of all others that serve it, while it runs.
    package var processID: Int32? {
        (try? folder.read("data/postmaster.pid"))?.split(separator: "\n").first.flatMap { Int32($0) }
    }

    /// Creates a database and returns its URL.
    ///
    /// - Parameter original: The URL of a database of this cluster to copy, which nobody may be connected to.
    package func createDatabase(copying original: String? = nil) async throws -> String {
        let name = "test_\(UUID().uuidString.prefix(13).lowercased().replacing("-", with: "_"))"
        let template = original.flatMap { $0.split(separator: "/").last }.map { " template \"\($0)\"" } ?? ""
        try await programs.execute("create database \"\(name)\"\(template)", url: url)
        return url(database: name)
    }

    /// Stops the server at once, as a crash would (`-m immediate`), and starts it again on the same port and data.
    package func restartImmediately() async throws {
        try await halt()
        try await launch()
    }

    /// Stops the server at once, as a crash would. The data stays until ``launch()`` or the end.
    package func halt() async throws {
        try await take()?.end(keepingFolder: true)
    }

    /// Starts the server again after ``halt()`` and returns when it accepts connections.
    package func launch() async throws {
        let next = try await PostgresServerSupervisor.start(
            programs.serverCommand(folder: folder, port: port, settings: settings), folder: folder.path)
        supervisor.withLock { $0 = next }
    }

    /// Stops the server and removes its folder.
    package func stop() async throws {
        try await take()?.end(keepingFolder: false)
    }

    private func take() -> PostgresServerSupervisor? {
        supervisor.withLock { supervisor in
            defer { supervisor = nil }
            return supervisor
        }
    }

    private func url(database: String) -> String { "postgres://postgres@127.0.0.1:\(port)/\(database)" }
}

/// Starts the shared cluster when it is first needed.
private actor SharedPostgresServer {
    static let instance = SharedPostgresServer()
    private var starting: Task<PostgresServer, any Error>?

    func server() async throws -> PostgresServer {
        let task = starting ?? Task { try await PostgresServer.start() }
        starting = task
        return try await task.value
    }
}
