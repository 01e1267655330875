import Contracts
import Foundations

/// What a step gave: everything that a journal keeps of it.
package struct StepOutcome: Sendable, Hashable {
    /// What the conversation goes on with; on a replay it gets exactly this value again.
    package var result: JSONValue
    /// The work tree after the step, if it changed.
    package var checkpoint: Checkpoint?
    /// For people: set for tool calls.
    package var progress: StepProgress?
    /// Set for model calls.
    package var usage: Usage?
    /// Set when the model recorded a discovery.
    package var discovery: Discovery?
    /// For the operator: what was wrong with what came from outside, and was put right.
    package var remark: String?
    /// The model of a call whose price nobody knows.
    package var unpriced: String?

    package init(
        result: JSONValue, checkpoint: Checkpoint? = nil, progress: StepProgress? = nil, usage: Usage? = nil,
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

/// Something the model found out that other tasks may want to know.
package struct Discovery: Codable, Sendable, Hashable {
    package var content: String
    package var tags: [String]

    package init(content: String, tags: [String]) {
        self.content = content
        self.tags = tags
    }
}
