import Contracts
import Database
import FoundationEssentials
import Foundations

extension ControlAction {
    /// Has the history of the workflow say who asked for something that was done. Where nobody is known, the events
    /// tell that it was.
    func note(_ request: ControlRequest) throws {
        guard let actor else { return }
        let address = workflow.address
        let message = "\(actor) asked to \(request.words)".line(400).storable
        let details = ControlMessage(request, actor: actor).json.storable
        try connection.execute(
            """
            insert into task_activities
                (id, task_id, workflow_id, company_id, project_id, activity_type, message, details)
            values (\(UUID.v7()), \(address.task), \(workflow.id), \(address.company), \(address.project),
                \(ActivityType.progress), \(message), \(details))
            """)
    }
}

extension ControlRequest {
    /// What it asks for, behind "asked to".
    fileprivate var words: String {
        switch self {
        case .cancel: "cancel"
        case .pause: "pause"
        case .resume: "resume"
        case .steer(let message): "steer: \(message)"
        case .approve: "approve"
        case .reject: "reject"
        case .raiseBudget(let limit): "raise the budget to \(limit) US dollars"
        case .retry: "retry"
        case .replayWebhook(let id): "deliver webhook \(id) again"
        }
    }
}
