import Database
import Foundation
import Foundations
import LocalServers
import Logging
import TaskStore

/// A private Postgres: its own cluster, on the loopback address, for who knows a password (SCRAM).
struct LocalPostgres: Sendable {
    /// The login that owns everything.
    static let owner = "automata"

    let launcher: Launcher
    let passwords: StackPasswords

    private var paths: StackPaths { launcher.paths }
    private var rules: String { "\(paths.postgres)/logins.conf" }

    /// Creates the cluster if there is none, starts it, migrates it, and returns its process and port.
    func start() async throws -> (StackProcess, port: Int) {
        let programs = try installed()
        try createCluster(programs)
        try setPassword(programs)
        let port = try LoopbackPort.free()
        let command = programs.command(
            "postgres",
            [
                "-D", paths.postgres, "-p", "\(port)", "-c", "listen_addresses=127.0.0.1", "-c", "hba_file=\(rules)",
                "-c", "unix_socket_directories=", "-c", "max_connections=200",
            ])
        let process = try launcher.start(
            "postgres", command[0], Array(command.dropFirst()),
            environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"])
        do {
            try await Readiness(paths: paths).wait(for: process, port: port)
            try await createDatabase(port)
            return (process, port)
        } catch {
            await ProcessTable.end([process], within: .seconds(5))
            throw error
        }
    }

    /// The URL by which a login reaches a database.
    func url(_ login: String, port: Int, database: String = "automata") -> String {
        "postgresql://\(login):\(passwords[login])@127.0.0.1:\(port)/\(database)"
    }

    private func createCluster(_ programs: PostgresPrograms) throws {
        if !FileManager.default.fileExists(atPath: "\(paths.postgres)/PG_VERSION") {
            try PrivateFile.createFolder(paths.postgres)
            try giveAway(paths.postgres, to: programs.account)
            // Its own rules of logging in are not used.
            try run(
                programs.command(
                    "initdb",
                    [
                        "-D", paths.postgres, "-A", "reject", "-U", Self.owner, "-E", "UTF8", "--locale=C.UTF-8",
                    ]))
        }
        try PrivateFile.write(Data("host all all 127.0.0.1/32 scram-sha-256\n".utf8), to: rules)
        try giveAway(rules, to: programs.account)
    }

    /// The owner's, by a server that serves nobody else: also of a cluster that an older version made without one.
    private func setPassword(_ programs: PostgresPrograms) throws {
        try run(
            programs.command(
                "postgres",
                [
                    "--single", "-D", paths.postgres, "-c", "password_encryption=scram-sha-256", "-c",
                    "log_min_messages=panic", "postgres",
                ]), input: "alter role \(Self.owner) password '\(passwords[Self.owner])'\n")
    }

    private func giveAway(_ path: String, to account: String?) throws {
        if let account { try Launcher.run("chown", [account, path]) }
    }

    private func run(_ command: [String], input: String = "") throws {
        try Launcher.run("env", command, input: input)
    }

    private func createDatabase(_ port: Int) async throws {
        try await with(url(Self.owner, port: port, database: "postgres")) { pool in
            let known = try await pool.withConnection { connection in
                try connection.execute("select from pg_database where datname = 'automata'").count > 0
            }
            if !known { try await pool.withConnection { try $0.execute(script: "create database automata") } }
        }
        try await with(url(Self.owner, port: port)) { pool in
            try await TaskStore.migrate(pool)
            let given = DatabaseRole.services.map { ($0, Secret(passwords[$0.name])) }
            try await TaskStore.grantAccess(pool, passwords: Dictionary(uniqueKeysWithValues: given))
        }
    }

    private func with(_ url: String, _ body: (ConnectionPool) async throws -> Void) async throws {
        let logger = Logger(label: "automata", factory: { _ in SwiftLogNoOpLogHandler() })
        let pool = ConnectionPool(
            DatabaseConfiguration(url: Secret(url), size: 1, applicationName: "automata", logger: logger))
        let result: Result<Void, any Error>
        do { result = .success(try await body(pool)) } catch { result = .failure(error) }
        try await pool.close()
        try result.get()
    }

    private func installed() throws -> PostgresPrograms {
        do { return try .find() } catch {
            throw Failure("Postgres is not installed: apt-get install postgresql", Exit.settings)
        }
    }
}
