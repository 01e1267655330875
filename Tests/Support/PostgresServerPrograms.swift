import Foundation
import Foundations
import LocalServers

/// What the programs of PostgreSQL are told for a cluster in a temporary folder.
struct PostgresServerPrograms: Sendable {
    private let programs: PostgresPrograms

    static func find() throws -> PostgresServerPrograms { PostgresServerPrograms(programs: try .find()) }

    /// Creates the cluster with the superuser `postgres`, whom it trusts without a password.
    func createCluster(in folder: TemporaryFolder) async throws {
        for name in ["data", "socket", "postgres.log"] {
            _ = try await Program.run(
                ["install"] + owner + ["-m", "700"] + (name.contains(".") ? ["/dev/null"] : ["-d"]) + [
                    folder.path(name)
                ])
        }
        try await run(
            "initdb",
            [
                "--pgdata", folder.path("data"), "--username", "postgres", "--auth", "trust", "--encoding", "UTF8",
                "--locale", "C", "--no-sync",
            ])
    }

    /// The command that runs the server of `folder` in the foreground.
    func serverCommand(folder: TemporaryFolder, port: Int, settings: [String: String]) -> [String] {
        var all = [
            "port": "\(port)", "listen_addresses": "127.0.0.1", "unix_socket_directories": folder.path("socket"),
            "fsync": "on", "max_connections": "200", "shared_buffers": "64MB",
        ]
        all.merge(settings) { _, own in own }
        let options = all.sorted { $0.key < $1.key }.flatMap { ["-c", "\($0.key)=\($0.value)"] }
        return programs.command("postgres", ["-D", folder.path("data")] + options, endsWithParent: true)
    }

    /// Executes one statement.
    func execute(_ statement: String, url: String) async throws {
        try await run("psql", ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", statement])
    }

    private var owner: [String] { programs.account.map { ["-o", $0, "-g", $0] } ?? [] }

    /// In a folder that the account may enter.
    private func run(_ program: String, _ arguments: [String]) async throws {
        try await Program.run(["env", "-C", "/"] + programs.command(program, arguments))
    }
}
