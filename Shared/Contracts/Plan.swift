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

    /// The steps that count as done where `done` of `all` parts of the work are: the same share, rounded down.
    package static func steps(_ planned: Int, done: Int, of all: Int) -> Int {
        guard planned > 0, all > 0, done > 0 else { return 0 }
        let (product, overflows) = planned.multipliedReportingOverflow(by: min(done, all))
        return overflows ? 0 : product / all
    }

    /// The steps that count as done of work that has changed the files `changed`, where nothing else tells.
    ///
    /// - Parameter isFinished: Whether the coder said that all is done. Without a change that is no step.
    package func stepsDone(changing changed: Set<String>, isFinished: Bool) -> Int {
        guard !changed.isEmpty else { return 0 }
        guard !isFinished else { return steps.count }
        let files = Set(filesToCreate + filesToModify)
        let done = Self.steps(steps.count, done: files.intersection(changed).count, of: files.count)
        return min(done, max(0, steps.count - 1))
    }

    private enum CodingKeys: String, CodingKey {
        case goal, steps
        case filesToCreate = "files_to_create"
        case filesToModify = "files_to_modify"
        case estimatedSteps = "estimated_steps"
        case validationCriteria = "validation_criteria"
    }
}
