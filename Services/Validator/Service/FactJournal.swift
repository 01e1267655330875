import Foundations
import Worker

/// What a validation needs of its run's journal.
protocol FactJournal: Sendable {
    /// What an earlier owner of the run recorded, in order.
    var results: [JSONValue] { get }

    /// Records a fact, or gives back what was recorded in its place.
    func keep(_ request: JournalRequest, _ outcome: JournalOutcome) async throws -> JSONValue
}

extension RunJournal: FactJournal {}
