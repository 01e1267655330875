import Foundation

#if canImport(Glibc)
import Glibc
#endif

/// A private Postgres: its own cluster, on the loopback address. Postgres refuses root, so root runs it as `postgres`.
struct LocalPostgres: Sendable {
    let launcher: Launcher

    private var paths: StackPaths { launcher.paths }
    private var isRoot: Bool { geteuid() == 0 }

    /// Creates the cluster if there is none, starts it, and returns its process and URL.
    func start() async throws -> (StackProcess, url: String) {
        let programs = try programs()
        try createCluster(programs)
        let port = try LoopbackPort.free()
        let arguments = [
            "-D", paths.postgres, "-p", "\(port)", "-c", "listen_addresses=127.0.0.1",
            "-c", "unix_socket_directories=", "-c", "max_connections=200",
        ]
        let drop = ["--reuid=postgres", "--regid=postgres", "--clear-groups", "\(programs)/postgres"]
        let process = try launcher.start(
            "postgres", isRoot ? "/usr/bin/setpriv" : "\(programs)/postgres", isRoot ? drop + arguments : arguments,
            environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"])
        do {
            try await Readiness(paths: paths).wait(for: process, port: port)
            let url = "postgresql://automata@127.0.0.1:\(port)"
            try createDatabase(url)
            return (process, "\(url)/automata")
        } catch {
            await ProcessTable.end([process], within: .seconds(5))
            throw error
        }
    }

    private func createCluster(_ programs: String) throws {
        guard !FileManager.default.fileExists(atPath: "\(paths.postgres)/PG_VERSION") else { return }
        try FileManager.default.createDirectory(
            atPath: paths.postgres, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        if isRoot { try Launcher.run("chown", ["postgres", paths.postgres]) }
        let initialise = [
            "\(programs)/initdb", "-D", paths.postgres, "-A", "trust", "-U", "automata", "-E", "UTF8",
            "--locale=C.UTF-8",
        ]
        try Launcher.run("env", isRoot ? ["runuser", "-u", "postgres", "--"] + initialise : initialise)
    }

    /// Accepting connections comes before answering them, so the first question may have to be asked again.
    private func createDatabase(_ url: String) throws {
        let known = try Launcher.run(
            "psql", ["-XAtc", "select 1 from pg_database where datname = 'automata'", "\(url)/postgres"])
        if known.trimmingCharacters(in: .whitespacesAndNewlines) != "1" {
            try Launcher.run("psql", ["-Xqc", "create database automata", "\(url)/postgres"])
        }
    }

    /// The folder of the newest server programs.
    private func programs() throws -> String {
        let base = "/usr/lib/postgresql"
        let versions = ((try? FileManager.default.contentsOfDirectory(atPath: base)) ?? []).compactMap { Int($0) }
        let found = versions.sorted(by: >).map { "\(base)/\($0)/bin" }.first {
            FileManager.default.isExecutableFile(atPath: "\($0)/initdb")
        }
        guard let found else { throw Failure("Postgres is not installed: apt-get install postgresql", Exit.settings) }
        return found
    }
}
