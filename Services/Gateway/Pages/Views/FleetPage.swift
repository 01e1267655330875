/// The whole installation at a glance, and a form for a task.
package struct FleetPage: Page {
    package static let template = "fleet"
    package static let section: Section? = .fleet
    package let title = "Fleet"
    package var status: FleetStatus
    package var charts: Charts
    /// `nil` for who does not see the whole platform, like the models.
    package var replicas: ReplicaTable?
    package var queue: QueueSummary
    package var models: ModelTable?
    package var pushes: PushTable
    package var form: TaskForm

    package init(
        status: FleetStatus, charts: Charts, replicas: ReplicaTable?, queue: QueueSummary, models: ModelTable?,
        pushes: PushTable, form: TaskForm
    ) {
        self.status = status
        self.charts = charts
        self.replicas = replicas
        self.queue = queue
        self.models = models
        self.pushes = pushes
        self.form = form
    }
}

/// How the platform is. A stream replaces it.
package struct FleetStatus: Fragment {
    /// A part of the platform: its services, bus, database, models, queue.
    package struct Part: Sendable {
        package var name: String
        package var state: Badge
        package var detail: String
        package var since: Moment?

        package init(name: String, state: Badge, detail: String, since: Moment? = nil) {
            self.name = name
            self.state = state
            self.detail = detail
            self.since = since
        }
    }

    /// A figure that stands out.
    package struct Figure: Sendable {
        package var name: String
        package var value: String
        package var detail: String
        package var href: String?

        package init(name: String, value: String, detail: String = "", href: String? = nil) {
            self.name = name
            self.value = value
            self.detail = detail
            self.href = href
        }
    }

    package static let template = "fleet-status"
    /// Where its buttons lead: to the platform, or to a company.
    package var action: String
    package var state: Badge
    /// Why, where it is held: by whom and since when.
    package var reason: String?
    package var isPaused: Bool
    /// `nil` where it is not known.
    package var uptime: String?
    package var nextCheckpoint: Moment?
    package var version: String?
    /// Running, waiting, done today, spent today, waiting for a person.
    package var figures: [Figure]
    package var parts: [Part]

    package init(
        state: Badge, reason: String? = nil, isPaused: Bool = false, uptime: String? = nil,
        nextCheckpoint: Moment? = nil, version: String? = nil, figures: [Figure], parts: [Part] = [],
        action: String = Place.platformActions
    ) {
        self.action = action
        self.state = state
        self.reason = reason
        self.isPaused = isPaused
        self.uptime = uptime
        self.nextCheckpoint = nextCheckpoint
        self.version = version
        self.figures = figures
        self.parts = parts
    }
}

/// Charts side by side. A stream replaces them.
package struct Charts: Fragment {
    package static let template = "charts"
    package var charts: [Chart]

    package init(charts: [Chart]) {
        self.charts = charts
    }
}

/// The replicas of the services. A stream replaces them.
package struct ReplicaTable: Fragment {
    /// One process of a service.
    package struct Row: Sendable {
        /// What it runs.
        package struct Work: Sendable {
            package var task: TaskName
            package var stage: String
            package var tool: String?
            package var since: Moment

            package init(task: TaskName, stage: String, tool: String? = nil, since: Moment) {
                self.task = task
                self.stage = stage
                self.tool = tool
                self.since = since
            }
        }

        package let name: String
        package let service: String
        package let host: String
        package let version: String
        package let state: Badge
        package let work: [Work]
        package let begun: Moment
        package let seen: Moment?
        package let done: String
        package let failed: String
        package let action: String
        package let mayPause: Bool
        package let mayResume: Bool
        /// Whether something sees to it that it is started again.
        package let mayRestart: Bool

        /// - Parameter status: `running`, `idle`, `paused`, `draining`, `restarting` or `gone`.
        package init(
            name: String, service: String, host: String, version: String, status: String, work: [Work] = [],
            begun: Moment, seen: Moment? = nil, done: Int, failed: Int, mayRestart: Bool = true
        ) {
            self.name = name
            self.service = service
            self.host = host
            self.version = version
            state = Badge(status: status)
            self.work = work
            self.begun = begun
            self.seen = seen
            self.done = Amount.count(done)
            self.failed = Amount.count(failed)
            action = Place.replicaActions(name)
            mayPause = ["running", "idle"].contains(status)
            mayResume = ["paused", "draining"].contains(status)
            self.mayRestart = mayRestart && !["gone", "restarting"].contains(status)
        }
    }

    package static let template = "replicas"
    package var rows: [Row]

    package init(rows: [Row]) {
        self.rows = rows
    }
}

/// What waits, per kind of step. A stream replaces it.
package struct QueueSummary: Fragment {
    /// A kind of step.
    package struct Row: Sendable {
        package let kind: String
        package let running: String
        package let ready: String
        package let held: String
        /// How long the oldest that is ready has waited.
        package let oldest: String?
        package let href: String
        /// How much of what could run does not.
        package let bar: Bar

        /// - Parameters:
        ///   - oldestSeconds: How long the oldest that could run has waited.
        ///   - slow: From how many seconds on that is too long.
        package init(
            kind: String, running: Int, ready: Int, held: Int, oldestSeconds: Double?, slow: Double = 300
        ) {
            let all = max(running + ready, 1)
            self.kind = kind
            self.running = Amount.count(running)
            self.ready = Amount.count(ready)
            self.held = Amount.count(held)
            oldest = oldestSeconds.flatMap { ready > 0 ? Amount.duration($0) : nil }
            href = Place.query("/queue", [("kind", kind)])
            bar = Bar(
                Double(ready) / Double(all), tone: (oldestSeconds ?? 0) > slow && ready > 0 ? .warn : .active,
                label: "\(running) running, \(ready) ready")
        }
    }

    package static let template = "queue-summary"
    package var rows: [Row]

    package init(rows: [Row]) {
        self.rows = rows
    }
}

/// The branches that were pushed. A stream replaces them.
package struct PushTable: Fragment {
    /// One push.
    package struct Row: Sendable {
        package var repository: String
        package var branch: String
        package var commit: String
        package var task: TaskName
        package var at: Moment

        package init(repository: String, branch: String, commit: String, task: TaskName, at: Moment) {
            self.repository = repository
            self.branch = branch
            self.commit = commit
            self.task = task
            self.at = at
        }
    }

    /// A repository, and whether what is done for it is pushed without being asked.
    package struct Repository: Sendable {
        package var name: String
        package var push: Badge
        package var detail: String

        package init(name: String, push: Badge, detail: String = "") {
            self.name = name
            self.push = push
            self.detail = detail
        }
    }

    package static let template = "pushes"
    package var rows: [Row]
    package var repositories: [Repository]

    package init(rows: [Row], repositories: [Repository] = []) {
        self.rows = rows
        self.repositories = repositories
    }
}
