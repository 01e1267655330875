import Foundation

/// Rows of the record, as a checker needs them.
struct RecordAtEnd: Sendable, Codable {
    struct Task: Sendable, Codable {
        var workflow: String
        var task: String
        var status: String
        var branch: String?
        var commit: String?
        var lastSeq: Int
        /// Seconds since 1970; 0 for never.
        var started = 0.0
        var finished = 0.0
        /// Whether its flow has a step that pushes, and its request wants that.
        var pushes = true
        /// Whether a webhook tells of its end: of nobody's child, and of one that names an endpoint of its own.
        var hasWebhook = true
        /// The workflow whose child it is, and its name among the children of that.
        var parent: String?
        var key: String?
    }

    struct Step: Sendable, Codable {
        /// Workflow, stage, round and generation.
        var run: String
        var step: Int
        var kind: String
        var hash: String
        var epoch: Int
        var isDone: Bool
        var started: Double
        var finished: Double?
        /// The first tool call that the reply asks for; the model's witness can be found by it.
        var call: String?
    }

    struct Webhook: Sendable, Codable {
        var id: String
        var workflow: String
        /// Of the run that delivers it.
        var state: String
    }

    var tasks: [Task] = []
    /// In the order of their steps, run by run.
    var steps: [Step] = []
    var webhooks: [Webhook] = []
    /// Events that were never published.
    var unpublished = 0
    /// Runs that somebody holds a lease of.
    var leased = 0
    /// Runs of ended tasks that are still open.
    var openRuns = 0
    /// What workflows were told and did not take in.
    var notices = 0
    /// Steps that wait for children, of which none is open.
    var vainWaits = 0
}
