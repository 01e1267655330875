import Contracts
import Foundation
import Foundations
import PlatformSupport
import TestSupport

/// nats-server, Postgres, a scripted model and the services, each a process, on free loopback ports and in temporary
/// folders: all of one benchmark and of no other.
struct Installation: Sendable {
    let postgres: PostgresServer
    let nats: NATSServer
    let model: ModelProcess
    let platform: Platform

    /// Lends an installation to `body` and ends every part of it afterwards.
    ///
    /// - Parameters:
    ///   - script: What the model plays.
    ///   - environment: Settings of the services that are not their defaults.
    ///   - configuration: More of Postgres' configuration.
    static func with<Value>(
        _ script: JSONValue = Play.script(), environment: [String: String] = [:], configuration: [String: String] = [:],
        _ body: (Installation) async throws -> Value
    ) async throws -> Value {
        let postgres = try await PostgresServer.start(settings: configuration)
        let nats = try await NATSServer.start()
        let model = try await ModelProcess.start(script)
        var settings = PlatformSettings(roles: [])
        settings.nats = nats
        settings.databaseURL = try await postgres.createDatabase()
        // What the tests set, as a service has it that is told nothing.
        settings.environment = ["LOG_LEVEL": "", "WORKER_CONCURRENCY": "", "MAX_RETRIES": ""]
            .merging(["OPENAI_BASE_URL": model.url]) { $1 }.merging(environment) { $1 }
        let installation = Installation(
            postgres: postgres, nats: nats, model: model, platform: try await Platform(settings))
        let result: Result<Value, any Error>
        do { result = .success(try await body(installation)) } catch { result = .failure(error) }
        try await installation.stop()
        return try result.get()
    }

    private func stop() async throws {
        try await platform.stop()
        try await model.process.stop()
        try await nats.stop()
        try await postgres.stop()
    }

    /// Plays tasks one after the other.
    ///
    /// - Returns: For each how long it took from its submission to its webhook.
    @discardableResult
    func play(_ count: Int, _ model: String = Play.small, on remote: GitRemote) async throws -> Samples {
        try await Samples.measure(count) { _ in
            var draft = TaskDraft(model, remote: remote)
            draft.validation = ["commands": ["true"]]
            let endpoint = platform.sink.url(.accepts, draft.id)
            draft.delivery = ["webhook_url": .string(endpoint)]
            try await platform.submit(draft)
            let webhook = try await platform.sink.first(to: endpoint, within: .seconds(600))
            let status = try platform.sink.verified(webhook).data.status
            guard status == .completed else { throw Unsuccessful(status: "\(status)") }
        }
    }

    /// Submits tasks at once and returns when all have ended.
    func playAtOnce(_ count: Int, _ model: String = Play.small, on remote: GitRemote) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<count {
                group.addTask {
                    var draft = TaskDraft(model, remote: remote)
                    draft.validation = ["commands": ["true"]]
                    try await platform.submit(draft, timeout: .seconds(120))
                    let end = try await platform.end(of: draft, within: .seconds(1800))
                    guard end.result.status == .completed else { throw Unsuccessful(status: "\(end.result.status)") }
                }
            }
            try await group.waitForAll()
        }
    }

    /// The processes of the product by name: services, nats-server, Postgres.
    var processes: [(name: String, id: Int32)] {
        let services = platform.services.elements.map { ($0.kind.rawValue, $0.process.processID) }
        let servers = [("nats-server", nats.processID), ("postgres", postgres.processID)]
        return (services + servers).compactMap { name, id in id.map { (name, $0) } }
    }

    /// The process of a service.
    func process(of kind: ServiceKind) throws -> Int32 {
        guard let id = processes.first(where: { $0.name == kind.rawValue })?.id else { throw NotRunning(kind: kind) }
        return id
    }

    /// A service has ended while it was to be measured.
    struct NotRunning: Error { let kind: ServiceKind }
}

/// A task of a benchmark did not complete: its figures mean nothing.
struct Unsuccessful: Error, CustomStringConvertible {
    let status: String
    var description: String { "a task ended as \(status)" }
}
