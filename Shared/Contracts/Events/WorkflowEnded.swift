import Foundations

extension EventDraft {
    /// The last event of a workflow: `workflow_completed` or `workflow_failed`, its details the result itself.
    package init(ending result: WorkflowResult) throws {
        let message = result.success ? "Completed" : "Ended: \(result.status.rawValue)"
        let reason = result.errorMessage.map { ": \($0)" } ?? ""
        self.init(type: result.status.event, message: message + reason, details: try JSONValue(encoding: result))
    }
}

extension WorkflowResult {
    /// The result with long texts and lists cut until its JSON takes at most `limit` bytes, see
    /// ``Foundations/JSONValue/fitting(_:)``.
    package func fitting(_ limit: Int = Event.maximumDetailsBytes) throws -> WorkflowResult {
        try JSONValue(encoding: self).fitting(limit).decode()
    }
}
