import Contracts
import Foundation
import Foundations
import PlatformSupport
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(2))) struct SettingsTests {
    /// Runs an executable to its end with these settings alone.
    private func run(
        _ kind: ServiceKind, _ arguments: [String] = [], _ settings: [String: String] = [:]
    ) async throws -> (status: Int32, lines: [String]) {
        let process = try await ServerProcess(
            [try Executables.path(kind.executable)] + arguments, environment: settings, cleanEnvironment: true)
        let status = try await process.waitForExit()
        return (status, process.output.elements.filter { !$0.isEmpty })
    }

    @Test(arguments: ServiceKind.allCases)
    func `a missing setting ends a service with one line that names it`(_ kind: ServiceKind) async throws {
        let (status, lines) = try await run(kind)
        #expect(status == 78)
        #expect(lines == ["\(kind.executable): DATABASE_URL: missing"])
    }

    @Test(arguments: [
        (Setting.lease, "soon", "1…3600"), (.subjectPrefix, "a..b", "tokens"), (.logLevel, "loud", "debug"),
        (.healthPort, "99999", "65535"), (.masterKey, "secret-marker", "base64"),
        (.allowLocal, "maybe", "true or false"),
    ])
    func `a bad setting ends each service that reads it with one line that says what is expected`(
        _ setting: Setting, _ value: String, _ expected: String
    ) async throws {
        let readers = ServiceKind.allCases.filter { $0.settings.contains(setting) }
        #expect(!readers.isEmpty)
        for kind in readers {
            let (status, lines) = try await run(
                kind, [], ["DATABASE_URL": "postgres://127.0.0.1:1/x", setting.name: value])
            #expect(status == 78)
            #expect(lines.count == 1)
            #expect(lines.first?.contains(setting.name) == true && lines.first?.contains(expected) == true, "\(lines)")
            #expect(lines.first?.contains("secret-marker") == false)
        }
    }

    @Test func `what a service does not read cannot harm it`() async throws {
        let others = Setting.all.filter { !ServiceKind.notifier.settings.contains($0) }
        let values = Dictionary(uniqueKeysWithValues: others.map { ($0.name, "not as it should be") })
        let (status, lines) = try await run(.notifier, [], values)
        #expect(status == 78)
        #expect(lines == ["automata-notifier: DATABASE_URL: missing"])
    }

    /// The setting that each service cannot do without, besides those that all need.
    private static let needs: [(ServiceKind, String)] = [
        (.planner, "SEALING_KEY"), (.validator, "SIGNING_KEY"), (.pusher, "SEALING_KEY"),
        (.webhookBridge, "WEBHOOK_SECRET"), (.coder, "OPENROUTER_API_KEY"),
    ]

    @Test(arguments: needs)
    func `a service without its own key says which it needs`(_ kind: ServiceKind, _ name: String) async throws {
        let platform = try await Platform.shared()
        let own = ["AUTOMATA_HOME": platform.folder.path("settings-\(kind.rawValue)")]
        let settings = [
            "DATABASE_URL": platform.databaseURL, "NATS_URL": platform.nats.url, "LOG_LEVEL": "critical",
        ].merging(own) { $1 }
        let (status, lines) = try await run(kind, [], settings)
        #expect(status == 78)
        #expect(lines.count == 1)
        #expect(lines.first?.contains(name) == true, "\(lines)")
    }

    @Test(arguments: ServiceKind.allCases)
    func `help lists the settings that the service reads, and no other`(_ kind: ServiceKind) async throws {
        let (status, lines) = try await run(kind, ["--help"])
        #expect(status == 0)
        let names = lines.compactMap { $0.firstMatch(of: #/^  ([A-Z][A-Z0-9_]+)  +\S/#).map { String($0.1) } }
        #expect(names == kind.settings.map(\.name))
        #expect(lines.allSatisfy { $0.count <= 160 })
    }

    @Test func `an unknown option is a usage error`() async throws {
        #expect(try await run(.planner, ["--nonsense"]).status == 64)
    }

    @Test(arguments: ServiceKind.allCases)
    func `a running service answers for its health and counts`(_ kind: ServiceKind) async throws {
        let platform = try await Platform.shared()
        let service = try #require(platform.replicas(of: kind).first)
        for (path, expected) in [("/healthz", "ok"), ("/readyz", "ready")] {
            let (data, response) = try await get(service.healthURL + path)
            #expect(response == 200)
            #expect(String(decoding: data, as: UTF8.self) == "\(expected)\n")
        }
        #expect(try await get(service.healthURL + "/metrics").status == 200)
    }

    @Test(arguments: [
        ("DATABASE_URL", "nonsense"), ("DATABASE_URL", "postgres://user:secret-marker@127.0.0.1:port/x"),
        ("NATS_URL", "http://127.0.0.1"), ("NATS_CREDENTIALS", "/nowhere/secret-marker.creds"),
    ])
    func `an address that no waiting can mend ends a service with one line that names it`(
        _ name: String, _ value: String
    ) async throws {
        let platform = try await Platform.shared()
        let settings = [
            "DATABASE_URL": platform.databaseURL, "NATS_URL": platform.nats.url, "LOG_LEVEL": "critical",
            "AUTOMATA_HOME": platform.folder.path("settings-address"),
        ].merging([name: value]) { $1 }
        let (status, lines) = try await run(.notifier, [], settings)
        #expect(status == 78)
        #expect(lines.count == 1)
        #expect(lines.first?.hasPrefix("automata-notifier: \(name): ") == true, "\(lines)")
        #expect(lines.first?.contains("secret-marker:") == false)
    }

    @Test func `a database that does not exist is named by the setting`() async throws {
        let platform = try await Platform.shared()
        // What comes last counts.
        let url = platform.databaseURL + (platform.databaseURL.contains("?") ? "&" : "?") + "dbname=nowhere"
        let settings = ["DATABASE_URL": url, "LOG_LEVEL": "critical", "AUTOMATA_HOME": platform.folder.path("none")]
        let (status, lines) = try await run(.notifier, [], settings)
        #expect(status == 78)
        #expect(lines.count == 1)
        #expect(lines.first?.contains("DATABASE_URL: ") == true && lines.first?.contains("nowhere") == true, "\(lines)")
    }

    @Test func `a service that waits for its servers answers for its health, and ends when told`() async throws {
        let folder = try TemporaryFolder("settings-waiting")
        let port = try FreePort.next()
        let settings = [
            "DATABASE_URL": "postgres://127.0.0.1:\(port)/x", "NATS_URL": "nats://127.0.0.1:\(port)",
            "HEALTH_PORT": "0", "AUTOMATA_HOME": folder.path("home"),
        ]
        let process = try await ServerProcess(
            [try Executables.path(ServiceKind.notifier.executable)], environment: settings, cleanEnvironment: true,
            ready: .line("waiting for a server"))
        let url = try await RunningService.healthURL(of: process)
        #expect(try await get(url + "/healthz").status == 200)
        let (body, status) = try await get(url + "/readyz")
        #expect(status == 503)
        #expect(String(decoding: body, as: UTF8.self) == "not ready: bus, database, start\n")
        #expect(try await process.stop() == 0)
    }

    private func get(_ url: String) async throws -> (body: Data, status: Int) {
        let output = try await Program.run(["curl", "-sS", "-w", "%{http_code}", url])
        return (Data(output.dropLast(3).utf8), Int(output.suffix(3)) ?? 0)
    }
}
