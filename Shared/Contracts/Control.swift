import FoundationEssentials
import Foundations

/// What an operator or client asks of a running workflow, on the subject `…control`.
package enum ControlRequest: Sendable, Hashable {
    case cancel
    case pause
    case resume
    case steer(message: String)
    case approve
    case reject
    case raiseBudget(maxCostUSD: Double)
    case retry
    /// Delivers a webhook of the task again, with the same id.
    case replayWebhook(id: String)

    private enum Action: String, CaseIterable {
        case cancel, pause, resume, steer, approve, reject, retry
        case raiseBudget = "raise_budget"
        case replayWebhook = "replay_webhook"
    }

    /// The names of what can be asked.
    package static let actions = Action.allCases.map(\.rawValue)

    package init(decoding body: Data) throws(FieldError) {
        try self.init(try FieldReader(try JSONValue(message: body)))
    }

    fileprivate init(_ fields: FieldReader) throws(FieldError) {
        guard let action = try fields.optionalCase("action", of: Action.self) else {
            throw fields.error("action", "missing")
        }
        switch action {
        case .cancel: self = .cancel
        case .pause: self = .pause
        case .resume: self = .resume
        case .approve: self = .approve
        case .reject: self = .reject
        case .retry: self = .retry
        case .replayWebhook: self = .replayWebhook(id: try fields.string("id", atMost: 128))
        case .steer: self = .steer(message: try fields.string("message", atMost: 16 << 10))
        case .raiseBudget:
            guard let cost = try fields.optionalDouble("max_cost_usd", in: 0...1_000_000) else {
                throw fields.error("max_cost_usd", "missing")
            }
            self = .raiseBudget(maxCostUSD: cost)
        }
    }

    package var json: JSONValue {
        switch self {
        case .cancel: ["action": "cancel"]
        case .pause: ["action": "pause"]
        case .resume: ["action": "resume"]
        case .approve: ["action": "approve"]
        case .reject: ["action": "reject"]
        case .retry: ["action": "retry"]
        case .replayWebhook(let id): ["action": "replay_webhook", "id": .string(id)]
        case .steer(let message): ["action": "steer", "message": .string(message)]
        case .raiseBudget(let cost): ["action": "raise_budget", "max_cost_usd": .double(cost)]
        }
    }
}

/// A request about a task together with who asks it: the whole body of a message on `…control`.
package struct ControlMessage: Sendable, Hashable {
    package var request: ControlRequest
    package var actor: String?

    package init(_ request: ControlRequest, actor: String? = nil) {
        self.request = request
        self.actor = actor
    }

    package init(decoding body: Data) throws(FieldError) {
        let fields = try FieldReader(try JSONValue(message: body))
        request = try ControlRequest(fields)
        actor = try fields.actor()
    }

    package var json: JSONValue {
        guard let actor else { return request.json }
        return .object((request.json.objectValue ?? [:]).merging(["actor": .string(actor)]) { $1 })
    }
}

extension FieldReader {
    /// Who asks, for the record: what the asker says of himself, and no proof of it.
    package func actor() throws(FieldError) -> String? {
        try optionalString("actor", atMost: 128).flatMap { $0.trimmed.isEmpty ? nil : $0 }
    }
}

/// The answer to a request: `{"ok": true, …}` or `{"ok": false, "error": {"code", "message", "retry_after_seconds"?}}`.
package enum Reply: Sendable, Hashable {
    case ok([String: JSONValue])
    /// - Parameter retryAfter: After how many seconds it makes sense to ask again, where that is known.
    case error(code: String, message: String, retryAfter: Int? = nil)

    package var json: JSONValue {
        switch self {
        case .ok(let fields): return .object(fields.merging(["ok": true]) { $1 })
        case .error(let code, let message, let retryAfter):
            var error: [String: JSONValue] = ["code": .string(code), "message": .string(message)]
            if let retryAfter { error["retry_after_seconds"] = .int(retryAfter) }
            return ["ok": false, "error": .object(error)]
        }
    }

    package init(decoding body: Data) throws(FieldError) {
        let json = try JSONValue(message: body)
        let fields = try FieldReader(json)
        if try fields.optionalBool("ok") == true {
            self = .ok((json.objectValue ?? [:]).filter { $0.key != "ok" })
        } else {
            let error = try fields.object("error", required: true)
            self = .error(
                code: try error.string("code"), message: try error.string("message"),
                retryAfter: try error.optionalInt("retry_after_seconds", in: 0...Int.max))
        }
    }
}

/// The answer to `status`: where a workflow is, so that a late subscriber can catch up and then follow the tail.
package struct StatusSnapshot: Sendable, Hashable, Codable {
    package var workflowID: String
    package var status: TaskStatus
    package var stage: Stage
    package var round: Int
    /// The `seq` of the last event; the subscriber drops events up to it.
    package var lastSeq: Int
    package var branchName: String?
    package var costUSD: Double
    /// How much of the plan is done, 0…100; 100 is for success alone. `nil` from an older planner.
    package var progress: Int?
    package var createdAt: Date
    /// When a replica began it.
    package var startedAt: Date?
    /// Since when a replica has the current stage, and the replica; `nil` while nobody has it.
    package var claimedAt: Date?
    package var claimedBy: String?
    /// Why it does not run now: `dependency`, `approval`, `pause`, `retry` (until its time comes), `children`, `limit` (of its
    /// company) or `worker` (no service has a place yet). `nil` while it runs and after its end.
    package var waitsFor: String?
    /// The task whose child it is.
    package var parent: String?
    /// How many children it has, by status; `nil` for none.
    package var children: [String: Int]?
    package var finishedAt: Date?
    /// The final result, or what there is of it so far: the same fields, the open state as `status`.
    package var result: JSONValue

    package init(
        workflowID: String, status: TaskStatus, stage: Stage, round: Int, lastSeq: Int, branchName: String?,
        costUSD: Double, progress: Int? = nil, createdAt: Date, startedAt: Date? = nil, claimedAt: Date? = nil,
        claimedBy: String? = nil, waitsFor: String? = nil, parent: String? = nil, children: [String: Int]? = nil,
        finishedAt: Date?, result: JSONValue
    ) {
        self.workflowID = workflowID
        self.status = status
        self.stage = stage
        self.round = round
        self.lastSeq = lastSeq
        self.branchName = branchName
        self.costUSD = costUSD
        self.progress = progress
        self.createdAt = createdAt
        self.startedAt = startedAt
        self.claimedAt = claimedAt
        self.claimedBy = claimedBy
        self.waitsFor = waitsFor
        self.parent = parent
        self.children = children
        self.finishedAt = finishedAt
        self.result = result
    }

    private enum CodingKeys: String, CodingKey {
        case status, stage, round, progress, parent, children, result
        case workflowID = "workflow_id"
        case lastSeq = "last_seq"
        case branchName = "branch_name"
        case costUSD = "cost_usd"
        case createdAt = "created_at"
        case startedAt = "started_at"
        case claimedAt = "claimed_at"
        case claimedBy = "claimed_by"
        case waitsFor = "waits_for"
        case finishedAt = "finished_at"
    }

    /// Names that are written besides.
    private enum OtherKeys: String, CodingKey {
        /// As in every other answer.
        case completedAt = "completed_at"
    }

    /// How the workflow ended, `nil` while it is open.
    package var final: WorkflowResult? { status.isTerminal ? try? result.decode() : nil }

    /// Every field is written, an absent one as null.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(workflowID, forKey: .workflowID)
        try container.encode(status, forKey: .status)
        try container.encode(stage, forKey: .stage)
        try container.encode(round, forKey: .round)
        try container.encode(lastSeq, forKey: .lastSeq)
        try container.encode(branchName, forKey: .branchName)
        try container.encode(costUSD, forKey: .costUSD)
        try container.encode(progress, forKey: .progress)
        try container.encode(createdAt, forKey: .createdAt)
        try container.encode(startedAt, forKey: .startedAt)
        try container.encode(claimedAt, forKey: .claimedAt)
        try container.encode(claimedBy, forKey: .claimedBy)
        try container.encode(waitsFor, forKey: .waitsFor)
        try container.encode(parent, forKey: .parent)
        try container.encode(children, forKey: .children)
        try container.encode(finishedAt, forKey: .finishedAt)
        try container.encode(result, forKey: .result)
        var others = encoder.container(keyedBy: OtherKeys.self)
        try others.encode(finishedAt, forKey: .completedAt)
    }
}
