import Contracts
import Cryptography
import Database
import Foundation
import Foundations
import JetStream
import Logging
import Messaging
import ScriptedModelServer
import TestSupport
import Transfer

/// A whole installation: nats-server, a database, a scripted model, a webhook receiver, and the executables as
/// processes of their own that share nothing but these.
package final class Platform: Sendable {
    /// The key of the model; a marker that must be found nowhere.
    package static let modelKey = "sk-marker-7d1f0c5e2b9a"

    /// The bus.
    package let nats: NATSServer
    /// The record, as superuser.
    package let databaseURL: String
    /// Connections of the test's own to the record.
    package let pool: ConnectionPool
    /// The model.
    package let model: ScriptedModelServer
    /// One JSON object a line for each request to the model, and one for its end.
    package let witnessFile: String
    /// The receiver of webhooks.
    package let sink: WebhookSink
    /// A connection of the test's own to the bus.
    package let bus: JetStreamBus
    /// What a subscriber of everything sees.
    package let log: EventLog
    /// The folder of the services' homes and logs.
    package let folder: TemporaryFolder
    /// The key that the services' keys derive from.
    package let masterKey: Secret
    /// What it was made from.
    package let settings: PlatformSettings
    /// Every service that was ever started, in order.
    package let services = Recorder<RunningService>()
    private let modelURL: String
    private let client = HTTPClient()

    /// Starts everything and returns when it takes tasks. Throws if a part does not start.
    package init(_ settings: PlatformSettings) async throws {
        self.settings = settings
        folder = try TemporaryFolder("automata")
        masterKey = KeyRing.newMasterKey()
        async let nats = Self.natsServer(settings)
        async let database = Self.databaseURL(settings)
        async let sink = WebhookSink()
        witnessFile = folder.path("witness.jsonl")
        var options = ScriptedModelServer.Options()
        options.requiredKey = Secret(Self.modelKey)
        options.witness = try Witness(path: witnessFile)
        var script = Script(roles: settings.roles, latencyMilliseconds: settings.modelLatencyMilliseconds)
        script.refusals = settings.refusals
        model = ScriptedModelServer(script: script, options: options)
        modelURL = try await model.start()
        self.nats = try await nats
        databaseURL = try await database
        self.sink = try await sink
        pool = ConnectionPool(
            DatabaseConfiguration(url: Secret(databaseURL), size: 4, applicationName: "tests", logger: .silent))
        let login = settings.login ?? BusLogin(url: self.nats.url, inboxPrefix: "_INBOX")
        bus = try await login.connect()
        log = try await EventLog(bus)
        try await startServices()
        if settings.kinds.contains(.planner) { try await untilAnswered() }
    }

    private static func natsServer(_ settings: PlatformSettings) async throws -> NATSServer {
        if let server = settings.nats { return server }
        return try await NATSServer.start()
    }

    private static func databaseURL(_ settings: PlatformSettings) async throws -> String {
        if let url = settings.databaseURL { return url }
        return try await PostgresServer.shared().createDatabase()
    }

    private func startServices() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for kind in settings.kinds {
                for replica in 1...settings.replicas {
                    let name = replica == 1 ? kind.rawValue : "\(kind.rawValue)-\(replica)"
                    group.addTask { _ = try await self.start(kind, name: name) }
                }
            }
            try await group.waitForAll()
        }
    }

    /// Waits until the front door listens to every kind of request: the planner is up a moment before. The server cannot
    /// tell that nobody does, because ``EventLog`` listens to everything.
    package func untilAnswered() async throws {
        let probe = TaskDraft("probe", remote: "")
        for type in RequestType.allCases where type.isOfClients {
            try await eventually("an answer to \(type.rawValue)") { [self] in
                let answer = try? await request(probe, type, Data("{}".utf8), timeout: .milliseconds(200))
                return answer != nil
            }
        }
    }

    /// Returns when the scripted model has taken in what stood in its sockets: it answers in the order of arrival.
    package func untilModelHeard() async {
        _ = try? await client.send(HTTPRequest(url: "\(modelURL)/models"))
    }

    /// Starts one more replica of a service and returns when it is connected and its health endpoints are up.
    ///
    /// - Parameters:
    ///   - program: Its executable, where that is not the service's own.
    ///   - name: Its host, as far as files are concerned: a name that was used before gives it that home again.
    ///   - more: Settings that this replica alone has.
    @discardableResult
    package func start(
        _ kind: ServiceKind, program: String? = nil, name: String? = nil, environment more: [String: String] = [:]
    ) async throws -> RunningService {
        let service = try await RunningService(
            kind, program: program, name: name ?? program ?? kind.rawValue, in: folder,
            environment: try environment(of: kind).merging(more) { $1 })
        services.record(service)
        return service
    }

    /// The settings of a service: what all need, and the secrets that this one needs.
    package func environment(of kind: ServiceKind) throws -> [String: String] {
        var environment = [
            "NATS_URL": nats.url, "DATABASE_URL": databaseURL, "HEALTH_PORT": "0", "LOG_LEVEL": "debug",
            "MODEL_TYPE": "compatible", "OPENAI_BASE_URL": modelURL, "MODEL_NAME": "scripted",
            "REPOSITORY_ALLOW_LOCAL": "true", "REPOSITORY_ALLOW_PRIVATE": "true", "WEBHOOK_ALLOW_PRIVATE": "true",
            "WEBHOOK_URL": sink.commonURL,
            "WORKER_CONCURRENCY": "16", "MAX_RETRIES": "1", "GATEWAY_ADDRESS": "127.0.0.1:0",
        ]
        let ring = try KeyRing([.masterKey: masterKey])
        let keys = ring.exported.merging([
            .masterKey: masterKey, .webhookSecret: sink.secret, .webhookMasterKey: sink.masterKey,
        ]) { $1 }
        for setting in kind.row.keys { environment[setting.name] = keys[setting]?.reveal() }
        if kind.settings.contains(.openAIKey) { environment[Setting.openAIKey.name] = Self.modelKey }
        let login = settings.logins[kind] ?? settings.login
        return environment.merging(login?.environment ?? [:]) { $1 }.merging(settings.environment) { $1 }
    }

    /// The running replicas of a service.
    package func replicas(of kind: ServiceKind) -> [RunningService] { replicas(of: kind.executable) }

    /// The running replicas of an executable.
    package func replicas(of program: String) -> [RunningService] {
        services.elements.filter { $0.program == program && $0.process.isRunning }
    }

    /// The replica that owns leases under this id; it says so when it starts.
    package func replica(owner: String) -> RunningService? {
        services.elements.first { service in
            service.process.isRunning && service.process.output.elements.contains { $0.contains("owner=\(owner)") }
        }
    }

    /// Ends every service in good order.
    package func stop() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for service in services.elements where service.process.isRunning {
                group.addTask { _ = try await service.process.stop() }
            }
            try await group.waitForAll()
        }
        bus.close()
        try await pool.close()
        await model.stop()
    }

    /// Runs `body` on a platform of its own.
    package static func with(
        _ settings: PlatformSettings, _ body: (Platform) async throws -> Void
    ) async throws {
        let platform = try await Platform(settings)
        let result: Result<Void, any Error>
        do { result = .success(try await body(platform)) } catch { result = .failure(error) }
        try await platform.stop()
        try result.get()
    }
}

extension Logger {
    /// The tests look at what happens, not at what is logged of it.
    fileprivate static let silent = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
}
