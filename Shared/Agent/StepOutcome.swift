import Contracts
import Foundations

/// What a step gave: everything that a journal keeps of it.
package struct StepOutcome: Sendable, Hashable {
    /// What the conversation goes on with; on a replay it gets exactly this value again.
    package var result: JSONValue
    /// The work tree after the step, if it changed.
    package var checkpoint: Checkpoint?
    /// For people: set for tool calls; its summary is one line of at most 200 bytes.
    package var progress: ImplementationStep?
    /// Set for model calls.
    package var usage: Usage?
    /// Set when the model recorded a discovery.
    package var discovery: DiscoveryRecorded?
    /// For the operator: what was wrong with what came from outside, and was put right.
    package var remark: String?
    /// The model of a call whose price nobody knows.
    package var unpriced: String?

    package init(
        result: JSONValue, checkpoint: Checkpoint? = nil, progress: ImplementationStep? = nil, usage: Usage? = nil,
        discovery: DiscoveryRecorded? = nil, remark: String? = nil, unpriced: String? = nil
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
