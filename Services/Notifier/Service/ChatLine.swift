import Contracts
import FoundationEssentials
import Foundations

/// What a chat is told of an event. Pure.
enum ChatLine {
    /// The consumers of the events that a chat is told of.
    static let consumers = [
        StreamNames.notifyCompleted, StreamNames.notifyFailed, StreamNames.notifyApprovals, StreamNames.notifyBudgets,
        StreamNames.notifyCheckpoints,
    ]

    /// Whether it is worth telling: a consumer that is new is given all that the stream still holds.
    static func isNews(_ event: Event, at now: Date) -> Bool {
        event.notificationType.isTerminal || now.timeIntervalSince(event.timestamp) < 86_400
    }

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
