import Contracts
import Database
import Foundation
import Foundations
import Glibc
import JetStream
import Logging
import Messaging
import PlatformSupport
import TestSupport
import Testing

/// What `automata up` leaves open to the other accounts of a host.
@Suite(.timeLimit(.minutes(3))) struct LocalStackTests {
    /// A running stack in a folder that anybody may enter.
    private struct Running: Sendable {
        let folder: TemporaryFolder
        let logins: [String: String]

        var root: String { folder.path("stack") }
        var databaseURL: String { logins["DATABASE_URL"] ?? "" }

        func tool(_ arguments: [String]) async throws -> String { try await LocalStackTests.tool(arguments, folder) }
    }

    private static func tool(_ arguments: [String], _ folder: TemporaryFolder) async throws -> String {
        try await Program.run(
            [try Executables.path("automata")] + arguments,
            environment: [
                "AUTOMATA_STACK": folder.path("stack"), "MODEL_TYPE": "compatible", "MODEL_NAME": "none",
                "OPENAI_BASE_URL": "http://127.0.0.1:9/v1",
            ])
    }

    /// - Parameter arguments: Of `automata up`.
    private func withStack(_ arguments: [String] = [], _ body: (Running) async throws -> Void) async throws {
        let folder = try TemporaryFolder("stack")
        let result: Result<Void, any Error>
        do {
            _ = try await Self.tool(["up"] + arguments, folder)
            let lines = try folder.read("stack/client.env").split(separator: "\n")
            let logins = lines.map { $0.split(separator: "=", maxSplits: 1).map(String.init) }.map { ($0[0], $0[1]) }
            let running = Running(folder: folder, logins: Dictionary(uniqueKeysWithValues: logins))
            result = .success(try await body(running))
        } catch {
            result = .failure(error)
        }
        _ = try? await Self.tool(["down", "--purge"], folder)
        try result.get()
    }

    @Test func `nothing of a stack is open to other accounts`() async throws {
        try await withStack { stack in
            // The tool's verbs find their logins by themselves.
            let tasks = try await stack.tool(["tasks", "--json"])
            #expect(try JSONValue(parsing: tasks) == [])
            try await filesAreClosed(stack)
            try await databaseIsClosed(stack)
            try await busIsClosed(stack)
            try await servicesAreNoSuperusers(stack)
        }
    }

    @Test func `a file of tasks is applied whenever it changes`() async throws {
        let (work, remote) = (try TemporaryFolder("work"), try await GitRemote())
        let file = try work.write("tasks.yaml", "tasks: []")
        try await withStack(["--tasks", file, remote.url]) { stack in
            #expect(try await stack.tool(["open"]).contains("/sign-in?code="))
            // What is paused waits to begin.
            _ = try await stack.tool(["pause"])
            try work.write("tasks.yaml", "tasks: [{id: one, title: First}, {description: Second, priority: 1}]")
            try await isThere(["First", "Second"], stack)
            try work.write("tasks.yaml", "tasks: [{id: one, title: First}, {id: ")
            try work.write("tasks.yaml", "tasks: [{id: one, title: Better}, {description: Second, priority: 1}]")
            try await isThere(["Better", "Second"], stack)
            _ = try await stack.tool(["add", "Third\nat length"])
            try await isThere(["Better", "Second", "Third"], stack)
            let plan = try JSONValue(parsing: try await stack.tool(["apply", "--dry-run", "--json", file]))
            #expect(plan.arrayValue?.map { $0["change"] } == ["unchanged", "unchanged"])
        }
    }

    private func isThere(_ titles: Set<String>, _ stack: Running) async throws {
        try await eventually("\(titles.sorted())") {
            let tasks = try JSONValue(parsing: try await stack.tool(["tasks", "--json"]))
            return Set((tasks.arrayValue ?? []).compactMap { $0["title"]?.stringValue }) == titles
        }
    }

    /// Root may write where others can too.
    @Test(.enabled(if: getuid() == 0)) func `a folder of another account is no place for a stack`() async throws {
        let folder = try TemporaryFolder("stack")
        try FileManager.default.createDirectory(atPath: folder.path("stack"), withIntermediateDirectories: true)
        try await Program.run(["chown", "nobody", folder.path("stack")])
        let error = await #expect(throws: (any Error).self) { try await Self.tool(["up"], folder) }
        #expect("\(error, default: "")".contains("belongs to another account"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("stack")).isEmpty)
    }

    private func filesAreClosed(_ stack: Running) async throws {
        let owned = [
            "client.env", "stack.json", "keys.json", "passwords.json", "nats.conf", "supervised.json",
        ]
        for name in owned
            + (try FileManager.default.contentsOfDirectory(atPath: stack.root + "/logs")).map({ "logs/\($0)" })
        {
            let mode = try FileManager.default.attributesOfItem(atPath: "\(stack.root)/\(name)")[.posixPermissions]
            #expect(mode as? Int == 0o600, "\(name)")
        }
        for name in ["logs", "nats", "postgres"] {
            let mode = try FileManager.default.attributesOfItem(atPath: "\(stack.root)/\(name)")[.posixPermissions]
            #expect(mode as? Int == 0o700, "\(name)")
        }
        guard getuid() == 0 else { return }
        let seen = try await Program.run(
            [
                "setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "sh", "-c",
                "find '\(stack.root)' -mindepth 1 \\( -readable -o -writable \\) 2>/dev/null; true",
            ])
        #expect(seen.isEmpty, "\(seen)")
    }

    private func databaseIsClosed(_ stack: Running) async throws {
        let port = stack.databaseURL.firstMatch(of: #/:(\d+)\//#)?.1 ?? ""
        for login in ["automata", "postgres", "automata_coder", "automata_planner"] {
            for password in ["", ":", ":automata", ":postgres"] {
                let url = "postgres://\(login)\(password)@127.0.0.1:\(port)/automata"
                let pool = ConnectionPool(DatabaseConfiguration(url: Secret(url), size: 1))
                await #expect(throws: DatabaseError.self, "\(login)\(password)") { try await pool.ping() }
                try await pool.close()
            }
        }
        #expect(stack.databaseURL.firstMatch(of: #/automata:[0-9a-f]{48}@/#) != nil)
    }

    private func busIsClosed(_ stack: Running) async throws {
        let url = stack.logins["NATS_URL"] ?? ""
        #expect(url.firstMatch(of: #/automata\.operator:[0-9a-f]{48}@/#) != nil)
        let address = url.split(separator: "@").last ?? ""
        for login in ["", "automata.coder:wrong@", "automata.operator:@"] {
            let configuration = JetStreamConfiguration(
                url: Secret("nats://\(login)\(address)"), name: "nobody", logger: Logger(label: "tests"))
            let bus = JetStreamBus(configuration)
            await #expect(throws: BusError.self, "\(login)") { try await bus.connect() }
        }
    }

    private func servicesAreNoSuperusers(_ stack: Running) async throws {
        let pool = ConnectionPool(DatabaseConfiguration(url: Secret(stack.databaseURL), size: 1))
        let logins = try await pool.withConnection { connection in
            try connection.execute(
                """
                select a.usename || ' ' || r.rolsuper as login from pg_stat_activity a join pg_roles r
                on r.rolname = a.usename where application_name like 'automata-%' order by 1
                """
            ).map { try $0.get("login", as: String.self) }
        }
        try await pool.close()
        #expect(Set(logins) == Set(ServiceKind.allCases.map { "\($0.databaseRole) false" }))
    }
}
