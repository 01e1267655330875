import FoundationEssentials
import Foundations

/// What the record says of a time: of the tasks that ended in it, unless something else is said. Counted, not estimated.
package struct Figures: Sendable, Hashable, Encodable {
    package var since: Date
    package var until: Date
    /// Tasks that were submitted in that time.
    package var submitted = 0
    /// What was open when this was counted.
    package var open = Open()
    package var ended: [Ended] = []
    package var days: [Day] = []
    package var models: [Model] = []
    package var steps: [Step] = []
    package var repositories: [Repository] = []
    package var pushes: [Push] = []
    package var errors: [ErrorText] = []
    /// The replicas that lived when this was counted, and the places of all together.
    package var services: [Service] = []

    package init(since: Date, until: Date) {
        self.since = since
        self.until = until
    }

    /// Steps of tasks that have not ended.
    package struct Open: Sendable, Hashable, Encodable {
        package var running = 0
        package var ready = 0
        package var held = 0

        package init(running: Int = 0, ready: Int = 0, held: Int = 0) {
            self.running = running
            self.ready = ready
            self.held = held
        }
    }

    /// Tasks that ended as one status. Times are from submission to end.
    package struct Ended: Sendable, Hashable, Encodable {
        package var status: String
        package var success: Bool
        package var tasks: Int
        package var medianSeconds: Double
        package var p95Seconds: Double
        package var calls: Int
        package var costUSD: Double

        package init(
            status: String, success: Bool, tasks: Int, medianSeconds: Double, p95Seconds: Double, calls: Int,
            costUSD: Double
        ) {
            self.status = status
            self.success = success
            self.tasks = tasks
            self.medianSeconds = medianSeconds
            self.p95Seconds = p95Seconds
            self.calls = calls
            self.costUSD = costUSD
        }
    }

    /// A day in UTC.
    package struct Day: Sendable, Hashable, Encodable {
        package var day: String
        package var ended: Int
        package var succeeded: Int

        package init(day: String, ended: Int, succeeded: Int) {
            self.day = day
            self.ended = ended
            self.succeeded = succeeded
        }
    }

    /// A model that answered. A task counts for every model that answered in it; as failed, if it ended without success and
    /// no person ended it.
    package struct Model: Sendable, Hashable, Encodable {
        package var model: String
        package var calls: Int
        package var promptTokens: Int
        package var completionTokens: Int
        package var costUSD: Double
        package var medianSeconds: Double
        package var tasks: Int
        package var failedTasks: Int

        package init(
            model: String, calls: Int, promptTokens: Int, completionTokens: Int, costUSD: Double, medianSeconds: Double,
            tasks: Int, failedTasks: Int
        ) {
            self.model = model
            self.calls = calls
            self.promptTokens = promptTokens
            self.completionTokens = completionTokens
            self.costUSD = costUSD
            self.medianSeconds = medianSeconds
            self.tasks = tasks
            self.failedTasks = failedTasks
        }
    }

    /// Runs of one kind of step: how long they waited for a replica, and how long they took.
    package struct Step: Sendable, Hashable, Encodable {
        package var kind: String
        package var runs: Int
        package var medianWaitSeconds: Double
        package var p95WaitSeconds: Double
        package var medianSeconds: Double
        package var p95Seconds: Double

        package init(
            kind: String, runs: Int, medianWaitSeconds: Double, p95WaitSeconds: Double, medianSeconds: Double,
            p95Seconds: Double
        ) {
            self.kind = kind
            self.runs = runs
            self.medianWaitSeconds = medianWaitSeconds
            self.p95WaitSeconds = p95WaitSeconds
            self.medianSeconds = medianSeconds
            self.p95Seconds = p95Seconds
        }
    }

    /// A remote.
    package struct Repository: Sendable, Hashable, Encodable {
        package var remoteURL: String
        package var tasks: Int
        package var succeeded: Int
        /// Those that succeeded without a single command having been run.
        package var unvalidated: Int
        /// Repair rounds of all tasks together.
        package var repairs: Int
        /// Trees of which one validation said that they are good, and another that they are not.
        package var flakyTrees: Int

        package init(
            remoteURL: String, tasks: Int, succeeded: Int, unvalidated: Int, repairs: Int, flakyTrees: Int
        ) {
            self.remoteURL = remoteURL
            self.tasks = tasks
            self.succeeded = succeeded
            self.unvalidated = unvalidated
            self.repairs = repairs
            self.flakyTrees = flakyTrees
        }
    }

    /// Branches that were pushed to a remote in that time.
    package struct Push: Sendable, Hashable, Encodable {
        package var remoteURL: String
        package var branches: Int
        package var last: Date

        package init(remoteURL: String, branches: Int, last: Date) {
            self.remoteURL = remoteURL
            self.branches = branches
            self.last = last
        }
    }

    /// How often something was said to have gone wrong, in the same words: at the end of a task (with its status), or by a
    /// try that was made again (with its kind of step).
    package struct ErrorText: Sendable, Hashable, Encodable {
        package var status: String?
        package var kind: String?
        package var text: String
        package var count: Int

        package init(status: String? = nil, kind: String? = nil, text: String, count: Int) {
            self.status = status
            self.kind = kind
            self.text = text
            self.count = count
        }
    }

    package struct Service: Sendable, Hashable, Encodable {
        package var service: String
        package var replicas: Int
        package var places: Int?

        package init(service: String, replicas: Int, places: Int?) {
            self.service = service
            self.replicas = replicas
            self.places = places
        }
    }
}

extension Figures {
    package var tasksEnded: Int { ended.reduce(0) { $0 + $1.tasks } }
    package var tasksSucceeded: Int { ended.filter(\.success).reduce(0) { $0 + $1.tasks } }
    package var costUSD: Double { ended.reduce(0) { $0 + $1.costUSD } }
}
