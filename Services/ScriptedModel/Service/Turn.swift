import Foundations

/// One answer of the model, or a fault in its place.
package struct Turn: Sendable, Decodable {
    package var content: String?
    package var toolCalls: [ScriptedCall]
    /// The token counts; estimated from the text if not given.
    package var usage: ScriptedUsage?
    /// The price in US dollars, sent as `usage.cost`.
    package var cost: Double?
    /// Added before this answer, in milliseconds.
    package var latencyMilliseconds: Int
    /// What goes wrong in place of the answer.
    package var fault: Fault?
    /// How often the fault hits one and the same request before it is answered; `nil` is always.
    package var times: Int?

    enum CodingKeys: String, CodingKey, CaseIterable {
        case content, usage, cost, times, status, cut, stall, hang, garbage, raw
        case toolCalls = "tool_calls"
        case latencyMilliseconds = "latency_ms"
        case retryAfter = "retry_after"
    }

    package init(
        content: String? = nil, calls: [ScriptedCall] = [], usage: ScriptedUsage? = nil, cost: Double? = nil,
        latencyMilliseconds: Int = 0, fault: Fault? = nil, times: Int? = nil
    ) {
        self.content = content
        self.toolCalls = calls
        self.usage = usage
        self.cost = cost
        self.latencyMilliseconds = latencyMilliseconds
        self.fault = fault
        self.times = times
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
        content = try values.decodeIfPresent(String.self, forKey: .content)
        toolCalls = try values.decodeIfPresent([ScriptedCall].self, forKey: .toolCalls) ?? []
        usage = try values.decodeIfPresent(ScriptedUsage.self, forKey: .usage)
        cost = try values.decodeIfPresent(Double.self, forKey: .cost)
        latencyMilliseconds = try values.decodeIfPresent(Int.self, forKey: .latencyMilliseconds) ?? 0
        times = try values.decodeIfPresent(Int.self, forKey: .times)
        func isSet(_ key: CodingKeys) throws -> Bool { try values.decodeIfPresent(Bool.self, forKey: key) ?? false }
        if let status = try values.decodeIfPresent(Int.self, forKey: .status) {
            fault = .status(status, retryAfter: try values.decodeIfPresent(Double.self, forKey: .retryAfter))
        } else if try isSet(.cut) {
            fault = .cut
        } else if try isSet(.stall) {
            fault = .stall
        } else if try isSet(.hang) {
            fault = .hang
        } else if try isSet(.garbage) {
            fault = .garbage
        } else if let answer = try values.decodeIfPresent(RawAnswer.self, forKey: .raw) {
            fault = .raw(answer)
        }
        guard fault != nil || content != nil || !toolCalls.isEmpty else {
            throw ScriptError("a turn needs content, tool_calls or a fault", at: decoder.codingPath)
        }
    }
}

/// A tool call of a scripted answer.
package struct ScriptedCall: Sendable, Decodable {
    package var name: String
    /// An object is sent as its JSON text; a string is sent as it is, so that it can be broken JSON.
    package var arguments: JSONValue

    enum CodingKeys: String, CodingKey, CaseIterable { case name, arguments }

    package init(_ name: String, _ arguments: JSONValue = [:]) {
        self.name = name
        self.arguments = arguments
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
        name = try values.decode(String.self, forKey: .name)
        arguments = try values.decodeIfPresent(JSONValue.self, forKey: .arguments) ?? [:]
    }
}

/// The token counts of a scripted answer.
package struct ScriptedUsage: Sendable, Decodable {
    package var promptTokens: Int
    package var completionTokens: Int

    enum CodingKeys: String, CodingKey, CaseIterable {
        case promptTokens = "prompt_tokens"
        case completionTokens = "completion_tokens"
    }

    package init(promptTokens: Int, completionTokens: Int) {
        self.promptTokens = promptTokens
        self.completionTokens = completionTokens
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
        promptTokens = try values.decodeIfPresent(Int.self, forKey: .promptTokens) ?? 0
        completionTokens = try values.decodeIfPresent(Int.self, forKey: .completionTokens) ?? 0
    }
}
