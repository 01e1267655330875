import Contracts
import Foundations

/// What a chat is told of an event. Pure.
enum ChatLine {
    /// The consumers of the events that a chat is told of.
    static let consumers = [
        StreamNames.notifyCompleted, StreamNames.notifyFailed, StreamNames.notifyApprovals, StreamNames.notifyBudgets,
        StreamNames.notifyCheckpoints,
    ]

    static func text(_ event: Event) -> String {
        let task = "\(event.companyID)/\(event.projectID)/\(event.taskID)"
        let branch = event.details["branch_name"]?.stringValue ?? ""
        let place = branch.isEmpty ? "" : " on `\(branch)`"
        switch event.notificationType {
        case .workflowCompleted: return "✅ \(task)\(place): \(event.message)"
        case .approvalRequested:
            let summary = event.details["summary"]?.stringValue ?? ""
            return "✋ \(task): \(event.message)\(summary.isEmpty ? "" : ": \(summary.line(300))")"
        case .budgetAlert: return "💰 \(task): \(event.message)"
        case .checkpointReached:
            let whole = event.companyID == CompanyID.all.text ? "the platform" : event.companyID
            return "🏁 \(whole): \(event.message)"
        default: return "❌ \(task)\(place): \(event.message)"
        }
    }
}
