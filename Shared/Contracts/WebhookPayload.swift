import Foundations

/// The webhook's body.
package struct WebhookPayload: Sendable, Hashable, Codable {
    /// `workflow.completed` or `workflow.failed`.
    package var type: String
    package var timestamp: String
    package var data: WorkflowResult

    package init(timestamp: String, data: WorkflowResult) {
        self.type = data.success ? "workflow.completed" : "workflow.failed"
        self.timestamp = timestamp
        self.data = data
    }
}
