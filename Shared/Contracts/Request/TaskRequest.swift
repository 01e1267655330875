import FoundationEssentials
import Foundations

/// What a client submits: the body of `task_submitted` and of `submit`.
///
/// Decoding is strict in types and ranges and names the field by its path; unknown fields pass.
package struct TaskRequest: Sendable, Hashable {
    /// The largest request in bytes, headers excluded.
    package static let maximumBytes = 512 << 10

    package var agent: AgentSettings
    package var repository: RepositorySettings
    package var task: TaskSettings
    package var validation: ValidationSettings
    package var delivery: DeliverySettings
    /// How long the workflow may take in all, pauses excluded, 1…2,592,000 s; `nil` takes the platform's default.
    package var timeoutSeconds: Int?

    package init(
        task: TaskSettings, repository: RepositorySettings, agent: AgentSettings = .init(),
        validation: ValidationSettings = .init(), delivery: DeliverySettings = .init(), timeoutSeconds: Int? = nil
    ) {
        self.agent = agent
        self.repository = repository
        self.task = task
        self.validation = validation
        self.delivery = delivery
        self.timeoutSeconds = timeoutSeconds
    }

    package init(_ json: JSONValue) throws(FieldError) {
        let fields = try FieldReader(json)
        repository = try RepositorySettings(try fields.object("repository", required: true))
        task = try TaskSettings(try fields.object("task", required: true))
        agent = try AgentSettings(try fields.object("agent"))
        validation = try ValidationSettings(try fields.object("validation"))
        delivery = try DeliverySettings(try fields.object("delivery"))
        timeoutSeconds = try fields.optionalInt("timeout_seconds", in: 1...2_592_000)
    }

    /// The request that `body` holds. Anything that is not JSON is an error with an empty path.
    package init(decoding body: Data) throws(FieldError) { try self.init(try Self.json(of: body)) }

    static func json(of body: Data) throws(FieldError) -> JSONValue {
        guard body.count <= Self.maximumBytes else {
            throw FieldError(path: "", reason: "larger than \(Self.maximumBytes) bytes")
        }
        return try JSONValue(message: body)
    }

    /// The JSON of the wire. It reveals plain credentials, see ``Credentials/revealed()``.
    package var json: JSONValue {
        [
            "agent": agent.json, "repository": repository.json, "task": task.json, "validation": validation.json,
            "delivery": delivery.json, "timeout_seconds": timeoutSeconds.map(JSONValue.int) ?? .null,
        ]
    }
}
