import Foundation
import Glibc

/// A real PgBouncer before a ``PostgresServer``, on a loopback port.
package final class PgBouncer: Sendable {
    private let port: Int
    private let folder: TemporaryFolder
    private let process: ServerProcess

    /// Starts it and returns when it accepts connections.
    ///
    /// - Parameters:
    ///   - mode: `transaction` or `session`.
    ///   - size: Its connections to each database.
    package static func start(
        before server: PostgresServer, mode: String = "transaction", size: Int = 2
    ) async throws -> PgBouncer {
        let port = try FreePort.next()
        let folder = try TemporaryFolder("pgbouncer")
        let configuration = try folder.write(
            "pgbouncer.ini",
            """
            [databases]
            * = host=127.0.0.1 port=\(server.port) user=postgres
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = \(port)
            unix_socket_dir =
            auth_type = any
            pool_mode = \(mode)
            default_pool_size = \(size)
            max_client_conn = 500
            """)
        // It refuses root, as Postgres does.
        let process = try await ServerProcess(
            ["pgbouncer", configuration], user: getuid() == 0 ? "postgres" : nil, log: folder.path("pgbouncer.log"),
            ready: .port(port))
        return PgBouncer(port: port, folder: folder, process: process)
    }

    private init(port: Int, folder: TemporaryFolder, process: ServerProcess) {
        self.port = port
        self.folder = folder
        self.process = process
    }

    /// The way to a database of the server through the pooler.
    package func url(of database: String) -> String {
        "postgres://postgres@127.0.0.1:\(port)/\(database.split(separator: "/").last ?? "postgres")"
    }

    package func stop() async throws { try await process.stop() }
}
