import ArgumentParser
import Contracts
import Foundations
import JetStream
import Logging
import Messaging
import ServiceKit
import TaskFiles

/// The tool's connection to the bus.
struct PlatformClient: Sendable {
    let bus: JetStreamBus
    let subjects: SubjectScheme

    static func connect(_ source: SettingsSource) async throws -> PlatformClient {
        let subjects = try source.subjects()
        let bus = JetStreamBus(
            JetStreamConfiguration(
                url: Secret(try source.required(.natsURL)), credentialsFile: try source.text(.natsCredentials),
                name: "automata", inboxPrefix: try source.inboxPrefix(), connectTimeout: .seconds(3),
                logger: Logger(label: "automata", factory: { _ in SwiftLogNoOpLogHandler() })))
        do {
            try await bus.connect()
        } catch {
            throw Failure("nats-server cannot be reached (NATS_URL): \(error)", Exit.unreachable)
        }
        return PlatformClient(bus: bus, subjects: subjects)
    }

    /// Asks the platform about a task. Throws a ``Failure`` with the platform's own words if it refuses.
    func ask(
        _ address: TaskAddress, _ type: RequestType, _ body: JSONValue, timeout: Duration = .seconds(15)
    ) async throws -> [String: JSONValue] {
        switch try await reply(address, type, body, timeout: timeout) {
        case .ok(let fields): return fields
        case .error(let code, let message, _):
            let exit =
                switch code {
                case "not_found": Exit.notFound
                case "unavailable": Exit.unreachable
                default: Exit.refused
                }
            throw Failure("\(code): \(message)", exit)
        }
    }

    /// What the platform answers, also where it refuses. Throws a ``Failure`` where it cannot be asked.
    private func reply(
        _ address: TaskAddress, _ type: RequestType, _ body: JSONValue, timeout: Duration = .seconds(15)
    ) async throws -> Reply {
        let message = BusMessage(subject: subjects.subject(address, type), payload: try body.data())
        let answer: BusMessage
        do {
            answer = try await bus.request(message, timeout: timeout)
        } catch let error as BusError where error.code == .noResponders {
            throw Failure("no planner is running: nobody answers", Exit.unreachable)
        } catch let error as BusError where error.code == .permission {
            throw Failure("this login may not ask for that; a company's may ask for its own", Exit.refused)
        } catch {
            throw Failure("the platform did not answer: \(error)", Exit.unreachable)
        }
        return try Reply(decoding: answer.payload)
    }
}

extension PlatformClient: TaskDoor {
    func submit(_ submission: JSONValue, _ address: TaskAddress) async throws -> Reply {
        try await reply(address, .submit, submission)
    }
}
