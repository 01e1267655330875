import Foundations

/// What the planner's model submits and the coder works by; `implementation_plan` of the result.
package struct ImplementationPlan: Sendable, Hashable, Codable {
    package var goal: String
    package var steps: [String]
    package var filesToCreate: [String]
    package var filesToModify: [String]
    package var estimatedSteps: Int
    package var validationCriteria: [String]

    package init(
        goal: String, steps: [String], filesToCreate: [String] = [], filesToModify: [String] = [],
        estimatedSteps: Int? = nil, validationCriteria: [String] = []
    ) {
        self.goal = goal
        self.steps = steps
        self.filesToCreate = filesToCreate
        self.filesToModify = filesToModify
        self.estimatedSteps = estimatedSteps ?? steps.count
        self.validationCriteria = validationCriteria
    }

    private enum CodingKeys: String, CodingKey {
        case goal, steps
        case filesToCreate = "files_to_create"
        case filesToModify = "files_to_modify"
        case estimatedSteps = "estimated_steps"
        case validationCriteria = "validation_criteria"
    }
}
