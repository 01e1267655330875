/// A task in a list. A stream replaces its row.
package struct TaskRow: Fragment {
    package static let template = "task-row"
    package var name: TaskName
    package var title: String
    package var status: Badge
    /// What is being done, for example `implementation, round 2`.
    package var stage: String?
    /// The tool that runs.
    package var tool: String?
    /// Why it does not run, see ``Words/waiting(for:)``.
    package var waits: String?
    package var cost: String
    /// What is spent of its limit.
    package var budget: Bar?
    package var priority: Int
    package var tags: [Link]
    package var created: Moment
    /// How long it ran, or has been running.
    package var duration: String?

    package init(
        name: TaskName, title: String, status: Badge, stage: String? = nil, tool: String? = nil, waits: String? = nil,
        cost: String, budget: Bar? = nil, priority: Int, tags: [Link] = [], created: Moment, duration: String? = nil
    ) {
        self.name = name
        self.title = title
        self.status = status
        self.stage = stage
        self.tool = tool
        self.waits = waits
        self.cost = cost
        self.budget = budget
        self.priority = priority
        self.tags = tags
        self.created = created
        self.duration = duration
    }
}

/// By what tasks are asked for.
package struct TaskFilter: Sendable {
    package var companies: [Choice]
    package var statuses: [Choice]
    package var project: String
    package var tag: String
    package var text: String

    package init(
        companies: [Choice] = [], statuses: [Choice] = [], project: String = "", tag: String = "", text: String = ""
    ) {
        self.companies = companies
        self.statuses = statuses
        self.project = project
        self.tag = tag
        self.text = text
    }
}

/// The list of tasks.
package struct TasksPage: Page {
    package static let template = "tasks"
    package static let section: Section? = .tasks
    package let title = "Tasks"
    package let bulkAction = Place.bulkAction
    /// Common filters: all, open, waiting for a person, failed.
    package var tabs: [Tab]
    package var filter: TaskFilter
    /// The filter once more, for what is to be done with all that match it.
    package var filterFields: [HiddenField]
    package var rows: [TaskRow]
    /// How many match the filter, in words.
    package var matching: String?
    package var pager: Pager

    package init(
        tabs: [Tab], filter: TaskFilter, filterFields: [HiddenField] = [], rows: [TaskRow], matching: String? = nil,
        pager: Pager
    ) {
        self.tabs = tabs
        self.filter = filter
        self.filterFields = filterFields
        self.rows = rows
        self.matching = matching
        self.pager = pager
    }
}

/// What is to be confirmed before it happens to several tasks.
package struct BulkPage: Page {
    package static let template = "bulk"
    package static let section: Section? = .tasks
    package let action = Place.bulkAction
    /// `Cancel 37 tasks?`
    package let title: String
    package let verb: String
    package let count: Int
    /// What it means.
    package let detail: String
    /// How many of them it cannot happen to, in words.
    package let skipped: String?
    /// The first of them.
    package let rows: [TaskRow]
    /// How many more there are, in words.
    package let more: String?
    /// What was sent, to be sent again.
    package let fields: [HiddenField]
    package let isDangerous: Bool

    /// - Parameters:
    ///   - action: What `control` calls it.
    ///   - count: How many tasks it happens to.
    ///   - skipped: How many match that it cannot happen to.
    package init(action: String, count: Int, skipped: Int = 0, first rows: [TaskRow], fields: [HiddenField]) {
        let words = Self.known[action]
        verb = words?.verb ?? Words.sentence(action)
        detail = words?.detail ?? ""
        title = "\(verb) \(Words.count(count, "task"))?"
        self.count = count
        self.skipped = skipped > 0 ? Words.count(skipped, "other task") + " cannot take it and are left alone" : nil
        self.rows = rows
        more = count > rows.count ? Words.count(count - rows.count, "more task") : nil
        self.fields = fields
        isDangerous = action == "cancel"
    }

    private static let known: [String: (verb: String, detail: String)] = [
        "cancel": ("Cancel", "What they have done so far is kept, and cannot be gone on with."),
        "pause": ("Pause", "Each ends the step that runs; resume goes on from there."),
        "resume": ("Resume", "They go on where they were."),
        "retry": ("Retry", "Each begins again at the step that failed."),
        "set_priority": ("Reprioritise", "Those that wait are begun in the new order."),
    ]
}
