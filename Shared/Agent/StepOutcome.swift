import Foundations

/// What a step gave: everything that a journal keeps of it.
package struct StepOutcome: Sendable, Hashable {
    /// What the conversation goes on with; on a replay it gets exactly this value again.
    package var result: JSONValue
    /// The work tree after the step, if it changed.
    package var checkpoint: WorkCheckpoint?
    /// For people: set for tool calls.
    package var progress: StepProgress?
    /// Set for model calls.
    package var usage: StepUsage?
    /// Set when the model recorded a discovery.
    package var discovery: Discovery?
    /// For the operator: what was wrong with what came from outside, and was put right.
    package var remark: String?
    /// The model of a call whose price nobody knows.
    package var unpriced: String?

    package init(
        result: JSONValue, checkpoint: WorkCheckpoint? = nil, progress: StepProgress? = nil, usage: StepUsage? = nil,
        discovery: Discovery? = nil, remark: String? = nil, unpriced: String? = nil
    ) {
        self.result = result
        self.checkpoint = checkpoint
        self.progress = progress
        self.usage = usage
        self.discovery = discovery
        self.remark = remark
        self.unpriced = unpriced
    }
}

/// One tool call as people see it: the details of `implementation_step`.
package struct StepProgress: Codable, Sendable, Hashable {
    package var iteration: Int
    package var tool: String
    /// One line of at most 200 bytes.
    package var summary: String
    package var ok: Bool
    package var durationMS: Int

    private enum CodingKeys: String, CodingKey {
        case iteration, tool, summary, ok
        case durationMS = "duration_ms"
    }

    package init(iteration: Int, tool: String, summary: String, ok: Bool, durationMS: Int) {
        self.iteration = iteration
        self.tool = tool
        self.summary = summary
        self.ok = ok
        self.durationMS = durationMS
    }
}

/// What model calls took.
package struct StepUsage: Codable, Sendable, Hashable {
    package var calls: Int
    package var promptTokens: Int
    package var completionTokens: Int
    /// US dollars; a call of unknown cost adds nothing.
    package var costUSD: Double

    private enum CodingKeys: String, CodingKey {
        case calls
        case promptTokens = "prompt_tokens"
        case completionTokens = "completion_tokens"
        case costUSD = "cost_usd"
    }

    package init(calls: Int = 0, promptTokens: Int = 0, completionTokens: Int = 0, costUSD: Double = 0) {
        self.calls = calls
        self.promptTokens = promptTokens
        self.completionTokens = completionTokens
        self.costUSD = costUSD
    }

    package static func + (left: Self, right: Self) -> Self {
        .init(
            calls: left.calls.addingSaturated(right.calls),
            promptTokens: left.promptTokens.addingSaturated(right.promptTokens),
            completionTokens: left.completionTokens.addingSaturated(right.completionTokens),
            costUSD: left.costUSD + right.costUSD)
    }
}

/// Something the model found out that other tasks may want to know.
package struct Discovery: Codable, Sendable, Hashable {
    package var content: String
    package var tags: [String]

    package init(content: String, tags: [String]) {
        self.content = content
        self.tags = tags
    }
}
