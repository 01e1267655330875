import Contracts
import Foundation
import Foundations
import Logging
import Messaging
import ServiceKit
import Testing

@testable import GatewayService

/// A gateway without servers.
struct Fixture: Sendable {
    let record = MemoryRecord()
    let door = MemoryDoor()
    var gateway: Gateway

    init(isOpen: Bool = false, project: String? = "acme/web", others: [String] = []) {
        let logger = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
        let metrics = MetricsRegistry()
        gateway = Gateway(
            record: record, door: door,
            follower: EventFollower(
                record, InMemoryBus(), subjects: SubjectScheme(), metrics: metrics, logger: logger),
            logs: LogFollower(record, metrics: metrics, logger: logger),
            origins: Origins(
                port: 5000, host: "127.0.0.1", others: Set(others.compactMap { Origins.Origin($0) })),
            project: project.flatMap { ProjectAddress($0) }, isOpen: isOpen, checkpointDays: 7,
            subjects: SubjectScheme(), checks: [], metrics: metrics, logger: logger)
    }

    /// Asks the gateway.
    func ask(
        _ method: Call.Method = .get, _ target: String, _ headers: [String: String] = [:], body: String = "",
        token: Secret? = nil, authority: String = "127.0.0.1:5000", isLocal: Bool = true
    ) async -> Answer {
        var headers = headers
        if let token { headers["authorization"] = "Bearer \(token.reveal())" }
        let call = Result { () throws(Problem) in
            try Call(method, target, headers: headers, authority: authority, isLocal: isLocal)
        }
        return await Dispatcher(gateway).answer(call) { limit in
            guard body.utf8.count <= limit else { throw Problem.tooLarge(limit) }
            return Data(body.utf8)
        }
    }
}

extension Answer {
    /// The body as JSON.
    func json() throws -> JSONValue { try JSONValue(parsing: bytes) }

    /// The code of a problem.
    var code: String? { (try? json())?["code"]?.stringValue }

    var text: String { String(decoding: bytes, as: UTF8.self) }
}

let json = ["content-type": "application/json"]
