import Foundation
import Foundations

/// The programs of PostgreSQL on this machine and the user they run as.
struct PostgresServerPrograms: Sendable {
    /// PostgreSQL is not installed.
    struct NotFound: Error, CustomStringConvertible {
        var description: String { "no initdb in PATH or below /usr/lib/postgresql" }
    }

    private let folder: String
    /// The server refuses to run as root.
    private let user: String? = getuid() == 0 ? "postgres" : nil

    /// The programs of the highest version installed.
    static func find() throws -> PostgresServerPrograms {
        let root = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        let installed = versions.sorted { $0.localizedStandardCompare($1) == .orderedDescending }.map {
            "\(root)/\($0)/bin"
        }
        let path = ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":").map(String.init) ?? []
        guard let folder = (installed + path).first(where: hasServer) else { throw NotFound() }
        return PostgresServerPrograms(folder: folder)
    }

    /// Creates the cluster with the superuser `postgres`, whom it trusts without a password.
    func createCluster(in folder: TemporaryFolder) async throws {
        for name in ["data", "socket", "postgres.log"] {
            _ = try await Program.run(
                ["install"] + owner + ["-m", "700"] + (name.contains(".") ? ["/dev/null"] : ["-d"]) + [
                    folder.path(name)
                ])
        }
        try await Program.run(
            asUser([
                program("initdb"), "--pgdata", folder.path("data"), "--username", "postgres", "--auth", "trust",
                "--encoding", "UTF8", "--locale", "C", "--no-sync",
            ]))
    }

    /// The command that runs the server of `folder` in the foreground.
    func serverCommand(folder: TemporaryFolder, port: Int, settings: [String: String]) -> [String] {
        var all = [
            "port": "\(port)", "listen_addresses": "127.0.0.1", "unix_socket_directories": folder.path("socket"),
            "fsync": "on", "max_connections": "200", "shared_buffers": "64MB",
        ]
        all.merge(settings) { _, own in own }
        let options = all.sorted { $0.key < $1.key }.flatMap { ["-c", "\($0.key)=\($0.value)"] }
        return asUser([program("postgres"), "-D", folder.path("data")] + options, lifeline: true)
    }

    /// Executes one statement.
    func execute(_ statement: String, url: String) async throws {
        try await Program.run([program("psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", statement])
    }

    private static func hasServer(_ folder: String) -> Bool {
        ["initdb", "postgres", "psql"].allSatisfy { FileManager.default.isExecutableFile(atPath: "\(folder)/\($0)") }
    }

    private var owner: [String] { user.map { ["-o", $0, "-g", $0] } ?? [] }

    private func program(_ name: String) -> String { "\(folder)/\(name)" }

    /// With a lifeline, the kernel stops the program when its parent ends; set after the change of the user, which
    /// would clear it.
    private func asUser(_ command: [String], lifeline: Bool = false) -> [String] {
        let identity = user.map { ["--reuid=\($0)", "--regid=\($0)", "--init-groups"] } ?? []
        return ["env", "-C", "/", "setpriv"] + identity + (lifeline ? ["--pdeathsig", "QUIT"] : []) + ["--"] + command
    }
}
