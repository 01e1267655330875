/// A task: what it is and does, and one view of it.
package struct TaskPage: Page {
    package static let template = "task"
    package static let section: Section? = .tasks
    package var title: String { head.title }
    package var head: TaskHead
    package var controls: TaskControls
    package var tabs: [Tab]
    package var slider: TimeSlider?
    package var view: TaskView

    package init(head: TaskHead, controls: TaskControls, tabs: [Tab], slider: TimeSlider? = nil, view: TaskView) {
        self.head = head
        self.controls = controls
        self.tabs = tabs
        self.slider = slider
        self.view = view
    }

    /// The tabs of a task's page, one of them chosen.
    package static func tabs(_ name: TaskName, chosen: TaskView.Name) -> [Tab] {
        TaskView.Name.allCases.map { view in
            let query = view == .overview ? nil : view.rawValue
            return Tab(
                Words.sentence(view.rawValue), to: Place.query(name.href, [("view", query)]),
                isCurrent: view == chosen)
        }
    }
}

/// What a task's page shows below its head. A new view is a case, a value and a template.
package enum TaskView: Sendable {
    case overview(TaskOverview)
    case timeline(TimelineView)
    case diff(DiffView)
    case validation(ValidationView)
    case evidence(EvidenceView)
    case events(EventsView)
    case transcript(TranscriptView)

    /// The name in the query, `view=diff`.
    package enum Name: String, Sendable, CaseIterable {
        case overview, timeline, diff, validation, evidence, events, transcript
    }
}

/// Any page of a task as it was at one of its events.
package struct TimeSlider: Sendable {
    package var action: String
    /// The event that is shown, and the last there is.
    package var seq: Int
    package var last: Int
    package var at: Moment?
    package var isLatest: Bool
    package var latestHref: String
    package var hidden: [HiddenField]

    package init(
        action: String, seq: Int, last: Int, at: Moment? = nil, isLatest: Bool, latestHref: String,
        hidden: [HiddenField] = []
    ) {
        self.action = action
        self.seq = seq
        self.last = last
        self.at = at
        self.isLatest = isLatest
        self.latestHref = latestHref
        self.hidden = hidden
    }
}

/// Where a task stands. A stream replaces it.
package struct TaskHead: Fragment {
    /// A step of its flow.
    package struct Stage: Sendable {
        package var name: String
        package var state: Badge
        /// `round 2`.
        package var round: String?
        package var isCurrent: Bool

        /// The steps of a flow in their order, of which one is the current.
        ///
        /// - Parameters:
        ///   - names: The steps by their names in the contract.
        ///   - current: The step that the task is at, or ended at.
        ///   - status: The status of the task, by its name in the contract.
        ///   - round: Counts from 0; each repair is another.
        ///   - isSuccess: Whether the task ended well: then no step is left.
        package static func track(
            _ names: [String], current: String, status: String, round: Int, isOpen: Bool, isSuccess: Bool
        ) -> [Stage] {
            let place = names.firstIndex(of: current) ?? 0
            return names.enumerated().map { index, name in
                let isCurrent = index == place && !isSuccess
                let state =
                    isSuccess || index < place
                    ? Badge("Done", .good) : isCurrent ? Badge(status: status) : Badge("Not yet", .quiet)
                return Stage(
                    name: Words.sentence(name), state: state,
                    round: isCurrent && round > 0 ? "round \(round + 1)" : nil, isCurrent: isCurrent && isOpen)
            }
        }

        package init(name: String, state: Badge, round: String? = nil, isCurrent: Bool = false) {
            self.name = name
            self.state = state
            self.round = round
            self.isCurrent = isCurrent
        }
    }

    package static let template = "task-head"
    package var name: TaskName
    package var title: String
    package var status: Badge
    /// Why it does not run, and until when.
    package var waits: String?
    package var waitsUntil: Moment?
    package var stages: [Stage]
    /// What it does now, and since when.
    package var tool: String?
    package var toolSince: Moment?
    package var error: String?
    package var cost: String
    package var budget: Bar?
    /// How many steps of the plan are done.
    package var progress: Bar?
    package var facts: [Fact]
    package var tags: [Link]

    package init(
        name: TaskName, title: String, status: Badge, waits: String? = nil, waitsUntil: Moment? = nil,
        stages: [Stage] = [], tool: String? = nil, toolSince: Moment? = nil, error: String? = nil, cost: String,
        budget: Bar? = nil, progress: Bar? = nil, facts: [Fact] = [], tags: [Link] = []
    ) {
        self.name = name
        self.title = title
        self.status = status
        self.waits = waits
        self.waitsUntil = waitsUntil
        self.stages = stages
        self.tool = tool
        self.toolSince = toolSince
        self.error = error
        self.cost = cost
        self.budget = budget
        self.progress = progress
        self.facts = facts
        self.tags = tags
    }
}

/// What a person can have a task do. Which verbs there are follows from its status.
package struct TaskControls: Fragment {
    /// What waits for a decision.
    package struct Approval: Sendable {
        /// `plan` or `push`.
        package var what: String
        package var summary: String

        package init(what: String, summary: String) {
            self.what = what
            self.summary = summary
        }
    }

    package static let template = "task-controls"
    package let action: String
    package let approval: Approval?
    package let mayPause: Bool
    package let mayResume: Bool
    package let mayCancel: Bool
    package let mayRetry: Bool
    /// Steering, budget and priority: there is still something to do.
    package let isOpen: Bool
    /// Whether there is nothing to do (any more).
    package let isIdle: Bool
    package let priorities: [Choice]
    /// What it may cost so far, for the field of a larger limit.
    package let limit: String

    /// - Parameters:
    ///   - status: The status by its name in the contract.
    ///   - isSuccess: Whether it ended well: then there is nothing to retry.
    package init(
        _ name: TaskName, status: String, isSuccess: Bool = false, approval: Approval? = nil, priority: Int = 5,
        maxCostUSD: Double? = nil
    ) {
        let isOpen = ["queued", "running", "paused", "awaiting_approval"].contains(status)
        action = name.action
        self.approval = status == "awaiting_approval" ? approval ?? Approval(what: "next step", summary: "") : nil
        mayPause = ["queued", "running"].contains(status)
        mayResume = status == "paused"
        mayCancel = isOpen
        mayRetry = !isOpen && !isSuccess
        self.isOpen = isOpen
        isIdle = !isOpen && !mayRetry
        priorities = TaskForm.priorities(chosen: priority)
        limit = maxCostUSD.map { Amount.decimal($0, places: 2).replacing(",", with: "") } ?? ""
    }
}
