/// Asks for a task.
package struct TaskForm: Sendable {
    package let action = Place.newTask
    /// The projects that have a repository, by company/project.
    package var projects: [Choice]
    package var priorities: [Choice]
    package var approvals: [Choice]
    package var description: String
    /// Why it was not taken.
    package var error: String?

    package init(
        projects: [Choice], priorities: [Choice] = TaskForm.priorities(), approvals: [Choice] = TaskForm.approvals(),
        description: String = "", error: String? = nil
    ) {
        self.projects = projects
        self.priorities = priorities
        self.approvals = approvals
        self.description = description
        self.error = error
    }

    /// 1 comes first.
    package static func priorities(chosen: Int = 5) -> [Choice] {
        let names = [1: "critical", 3: "high", 5: "normal", 8: "low"]
        return (1...10).map { number in
            Choice(String(number), "\(number)\(names[number].map { " · \($0)" } ?? "")", isChosen: number == chosen)
        }
    }

    package static func approvals(chosen: String = "none") -> [Choice] {
        [("none", "No approval"), ("plan", "Approve the plan"), ("push", "Approve the push")]
            .map { Choice($0.0, $0.1, isChosen: $0.0 == chosen) }
    }
}

/// The form alone.
package struct NewTaskPage: Page {
    package static let template = "new-task"
    package static let section: Section? = .tasks
    package let title = "New task"
    package var form: TaskForm

    package init(form: TaskForm) {
        self.form = form
    }
}
