import Contracts
import FoundationEssentials

/// Which run of which stage of which workflow.
package struct RunKey: Sendable, Hashable {
    package var workflowID: UUID
    package var stage: Stage
    /// The repair round, from 0.
    package var round: Int
    /// How often the workflow was retried by hand before this run, from 0.
    package var generation: Int

    package init(workflowID: UUID, stage: Stage, round: Int, generation: Int) {
        self.workflowID = workflowID
        self.stage = stage
        self.round = round
        self.generation = generation
    }
}
