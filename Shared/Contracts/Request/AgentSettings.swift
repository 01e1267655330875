import Foundations

/// The `agent` part of a task request.
package struct AgentSettings: Sendable, Hashable {
    /// One agent, or a supervising planner with a team.
    package enum Mode: String, Sendable, CaseIterable {
        case single
        case team
    }

    /// The model's name; `nil` takes the platform's default.
    package var model: String?
    /// What the planner uses instead of `model`.
    package var plannerModel: String?
    /// Further instructions for the system prompt.
    package var instructions: String?
    package var mode: Mode
    /// The most that the models of this workflow may cost, in US dollars; `nil` sets no limit.
    package var maxCostUSD: Double?
    /// The coder's model turns in one round, 1…10,000; `nil` takes the platform's default.
    package var maxIterations: Int?
    /// The tools that the coder may use besides `finish`; `nil` allows all.
    package var allowedTools: [String]?
    /// Path prefixes that the coder may write below; `nil` allows the whole work tree.
    package var scopePaths: [String]?
    package var sessionID: String?

    package init(
        model: String? = nil, plannerModel: String? = nil, instructions: String? = nil, mode: Mode = .single,
        maxCostUSD: Double? = nil, maxIterations: Int? = nil, allowedTools: [String]? = nil,
        scopePaths: [String]? = nil, sessionID: String? = nil
    ) {
        self.model = model
        self.plannerModel = plannerModel
        self.instructions = instructions
        self.mode = mode
        self.maxCostUSD = maxCostUSD
        self.maxIterations = maxIterations
        self.allowedTools = allowedTools
        self.scopePaths = scopePaths
        self.sessionID = sessionID
    }

    package init(_ fields: FieldReader) throws(FieldError) {
        model = try fields.optionalString("model", atMost: 256)
        plannerModel = try fields.optionalString("planner_model", atMost: 256)
        instructions = try fields.optionalString("instructions", atMost: 64 << 10)
        mode = try fields.optionalCase("mode", of: Mode.self) ?? .single
        maxCostUSD = try fields.optionalDouble("max_cost_usd", in: 0...1_000_000)
        maxIterations = try fields.optionalInt("max_iterations", in: 1...10_000)
        allowedTools = try fields.optionalStrings("allowed_tools", atMost: 100)
        scopePaths = try fields.optionalStrings("scope_paths", atMost: 1000)
        sessionID = try fields.optionalString("session_id", atMost: 64)
    }

    package var json: JSONValue {
        [
            "model": .optional(model), "planner_model": .optional(plannerModel),
            "instructions": .optional(instructions), "mode": .string(mode.rawValue),
            "max_cost_usd": maxCostUSD.map(JSONValue.double) ?? .null,
            "max_iterations": maxIterations.map(JSONValue.int) ?? .null,
            "allowed_tools": .optional(allowedTools), "scope_paths": .optional(scopePaths),
            "session_id": .optional(sessionID),
        ]
    }
}

extension JSONValue {
    static func optional(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }
    static func optional(_ texts: [String]?) -> JSONValue { texts.map { .strings($0) } ?? .null }
    package static func strings(_ texts: [String]) -> JSONValue { .array(texts.map(JSONValue.string)) }
}
