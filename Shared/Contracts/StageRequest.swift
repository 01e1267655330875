import Foundations

/// The body of a permit to claim a run. What is claimed decides the database, not the message.
package struct StageRequest: Sendable, Hashable, Codable {
    package var workflowID: String
    package var companyID: String
    package var projectID: String
    package var taskID: String
    package var stage: Stage
    package var round: Int

    package init(workflowID: String, address: TaskAddress, stage: Stage, round: Int) {
        self.workflowID = workflowID
        self.companyID = address.company.text
        self.projectID = address.project.text
        self.taskID = address.task.text
        self.stage = stage
        self.round = round
    }

    private enum CodingKeys: String, CodingKey {
        case stage, round
        case workflowID = "workflow_id"
        case companyID = "company_id"
        case projectID = "project_id"
        case taskID = "task_id"
    }
}
