import Contracts
import Database
import Foundation
import Foundations
import JetStream
import Messaging
import TestSupport

/// A task that was submitted.
package struct SubmittedTask: Sendable {
    /// What was asked for.
    package let draft: TaskDraft
    /// The id it was accepted under.
    package let workflowID: String
}

/// A task that has ended.
package struct EndedTask: Sendable {
    /// What was asked for.
    package let draft: TaskDraft
    /// Its events in the order of their arrival, without copies.
    package let events: [ObservedEvent]
    /// The result that the last event tells.
    package let result: WorkflowResult

    /// The types of the events.
    package var types: [EventType] { events.map(\.type) }

    /// The details of all events of a type.
    package func details(_ type: EventType) -> [JSONValue] { events.filter { $0.type == type }.map(\.details) }

    /// The tool calls that were told, by name.
    package var tools: [String] { details(.implementationStep).compactMap { $0["tool"]?.stringValue } }
}

extension Platform {
    /// How long a task may take before a test gives up on it.
    package static let patience: Duration = .seconds(90)

    /// Runs the tool `automata` on the platform and returns what it prints. Throws if it fails.
    package func tool(_ arguments: [String]) async throws -> String {
        try await Program.run(
            [try Executables.path("automata")] + arguments,
            environment: ["NATS_URL": nats.url, "DATABASE_URL": databaseURL])
    }

    /// Submits by request and expects that it is accepted.
    @discardableResult
    package func submit(_ draft: TaskDraft, timeout: Duration = .seconds(20)) async throws -> SubmittedTask {
        let fields = try await request(draft, .submit, draft.json.data(), timeout: timeout).fields()
        return SubmittedTask(draft: draft, workflowID: fields["workflow_id"]?.stringValue ?? "")
    }

    /// Publishes on the stream, as a client without an answer does.
    @discardableResult
    package func publish(_ draft: TaskDraft, body: Data? = nil, subject: String? = nil) async throws -> PublishReceipt {
        let body = try body ?? draft.json.data()
        return try await bus.publish(
            BusMessage(subject: subject ?? draft.subject("task_submitted"), payload: body), messageID: nil)
    }

    /// Asks for something about a task.
    package func request(
        _ draft: TaskDraft, _ type: RequestType, _ body: Data = Data(), timeout: Duration = .seconds(20)
    ) async throws -> Reply {
        let message = BusMessage(subject: draft.subject(type.rawValue), payload: body)
        return try Reply(decoding: try await bus.request(message, timeout: timeout).payload)
    }

    /// Asks something of a task and expects that it is done.
    @discardableResult
    package func control(_ draft: TaskDraft, _ request: ControlRequest) async throws -> [String: JSONValue] {
        try await self.request(draft, .control, try request.json.data()).fields()
    }

    /// The snapshot of a task. Throws ``Contracts/Reply/Refused``.
    package func status(_ draft: TaskDraft) async throws -> [String: JSONValue] {
        try await request(draft, .status).fields()
    }

    /// Waits for an event of a task.
    @discardableResult
    package func event(
        _ type: EventType, of draft: TaskDraft, within duration: Duration = Platform.patience,
        where matches: @escaping @Sendable (ObservedEvent) -> Bool = { _ in true }
    ) async throws -> ObservedEvent {
        let found = try await log.events(of: draft.id).first("\(type.rawValue) of \(draft.id)", within: duration) {
            $0.type == type && matches($0) || $0.type.isTerminal && type != .taskRejected
        }
        guard found.type == type else { throw EndedBefore(awaited: type, message: found.event.message) }
        return found
    }

    /// Waits until a task has ended.
    package func end(of draft: TaskDraft, within duration: Duration = Platform.patience) async throws -> EndedTask {
        let recorder = log.events(of: draft.id)
        let last = try await recorder.first("the end of \(draft.id)", within: duration) { $0.type.isTerminal }
        return EndedTask(draft: draft, events: recorder.elements, result: try last.details.decode())
    }

    /// Submits a task and waits until it has ended.
    package func run(_ draft: TaskDraft, within duration: Duration = Platform.patience) async throws -> EndedTask {
        try await submit(draft)
        return try await end(of: draft, within: duration)
    }

    /// The rows of a query as JSON objects.
    package func rows(_ query: SQL) async throws -> [JSONValue] {
        let statement: SQL = "select coalesce(jsonb_agg(q), '[]') as value from (\(query)) q"
        return try await pool.withConnection { connection in
            let value: JSONValue = try connection.execute(statement).first?.get("value") ?? []
            return value.arrayValue ?? []
        }
    }

    /// What the model was asked under the name `model`, oldest first: `hash`, `attempt`, `role`, `turn`, `reply`.
    package func witness(_ model: String) throws -> [JSONValue] {
        try String(contentsOfFile: witnessFile, encoding: .utf8).split(separator: "\n")
            .map { try JSONValue(parsing: String($0)) }.filter { $0["model"]?.stringValue == model }
    }
}

/// A task ended before an event that a test waits for.
package struct EndedBefore: Error {
    let awaited: EventType
    let message: String
}

extension Reply {
    /// An answer is a refusal.
    package struct Refused: Error {
        /// The code of the error.
        package let code: String
        /// For people.
        package let message: String
    }

    /// An answer is no refusal.
    package struct Accepted: Error {
        let fields: [String: JSONValue]
    }

    /// What an answer that is no refusal tells.
    package func fields() throws -> [String: JSONValue] {
        switch self {
        case .ok(let fields): return fields
        case .error(let code, let message, _): throw Refused(code: code, message: message)
        }
    }

    /// The reason of an answer that is a refusal.
    package func refusal() throws -> Refused {
        switch self {
        case .ok(let fields): throw Accepted(fields: fields)
        case .error(let code, let message, _): return Refused(code: code, message: message)
        }
    }
}
