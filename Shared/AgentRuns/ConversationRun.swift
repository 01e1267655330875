import Contracts
import FoundationEssentials
import Foundations
import Logging
import ServiceKit
import TaskStore
import Worker

/// A run whose step is a conversation: what is known of it, and where it is recorded.
package struct ConversationRun: Sendable {
    package let record: WorkflowRecord
    package let claim: Claim
    /// Whether people ever sent the workflow's model a message.
    package let hasSteering: Bool
    package let control: RunControl
    package let steps: any RecordedSteps
    package let store: any ConversationRecord
    package let metrics: MetricsRegistry
    package let logger: Logger
    /// The models that the settings have asked when the task's is unavailable; `nil` for those of the environment.
    package var fallbacks: [String]?

    package var request: TaskRequest { record.request }
}

/// What a conversation needs of its run's journal.
package protocol RecordedSteps: Sendable {
    /// What earlier owners of the run recorded, in order.
    var results: [JSONValue] { get }

    /// Takes a step, or gives back its result if it was taken before; see `RunJournal`.
    func perform<Preparation: Sendable>(
        _ request: JournalRequest, after prepare: @Sendable () async throws -> Preparation,
        _ effect: @Sendable (Preparation, _ wasBegun: Bool) async throws -> JournalOutcome
    ) async throws -> (result: JSONValue, wasReplayed: Bool)

    /// Records a fact, or gives back what was recorded in its place.
    func keep(_ request: JournalRequest, _ outcome: JournalOutcome) async throws -> JSONValue
}

/// What a conversation asks of the record while it goes on.
package protocol ConversationRecord: Sendable {
    /// Every message that people sent to the workflow's model, oldest first. They count as taken from then on.
    func steering(_ claim: Claim) async throws -> [String]

    /// Whether people were told that the price of a model of the workflow is not known.
    func hasUnpricedAlert(of workflow: UUID) async throws -> Bool
}

extension RunJournal: RecordedSteps {}
extension TaskStore: ConversationRecord {}

extension ConversationRun {
    /// Reads what earlier owners of the run recorded.
    package init(_ context: StageContext) async throws {
        self.init(
            record: context.record, claim: context.run.claim, hasSteering: context.run.history.hasSteering,
            control: context.control, steps: try await RunJournal(context), store: context.service.store,
            metrics: context.service.metrics, logger: context.logger,
            fallbacks: try await context.settings().fallbacks)
    }
}
