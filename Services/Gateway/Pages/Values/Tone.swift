/// What a colour says. A text beside it says the same.
package enum Tone: String, Sendable, Hashable {
    case quiet, active, good, warn, bad
}

/// A state in one or two words, with its colour.
package struct Badge: Sendable, Hashable {
    package let text: String
    package let tone: Tone

    package init(_ text: String, _ tone: Tone) {
        self.text = text
        self.tone = tone
    }

    /// The state of a task, a run or a step, by its name in the contract.
    package init(status: String) {
        let row = Self.known[status]
        self.init(row?.text ?? Words.sentence(status), row?.tone ?? .quiet)
    }

    private static let known: [String: (text: String, tone: Tone)] = [
        "queued": ("Queued", .quiet), "running": ("Running", .active), "paused": ("Paused", .warn),
        "awaiting_approval": ("Needs approval", .warn), "completed": ("Completed", .good),
        "completed_no_changes": ("No changes", .good), "cancelled": ("Cancelled", .quiet),
        "skipped": ("Skipped", .quiet), "validation_failed": ("Validation failed", .bad),
        "budget_exhausted": ("Budget spent", .bad), "iterations_exhausted": ("Out of turns", .bad),
        "stuck": ("Stuck", .bad), "timed_out": ("Timed out", .bad), "rejected": ("Rejected", .bad),
        "push_rejected": ("Push rejected", .bad), "model_unavailable": ("Model unavailable", .bad),
        "repository_unavailable": ("Repository unavailable", .bad), "internal_error": ("Internal error", .bad),
        "action_failed": ("Action failed", .bad),
        // Runs of the queue, steps of a transcript and of a flow.
        "held": ("Held", .quiet), "ready": ("Ready", .quiet), "leased": ("Running", .active),
        "intent": ("Begun", .active), "done": ("Done", .quiet), "succeeded": ("Passed", .good),
        "failed": ("Failed", .bad),
        // Replicas, models, projects, webhooks.
        "idle": ("Idle", .quiet), "draining": ("Draining", .warn), "restarting": ("Restarting", .warn),
        "gone": ("Gone", .bad),
        "available": ("Available", .good), "unavailable": ("Unavailable", .bad), "degraded": ("Degraded", .warn),
        "unknown": ("Unknown", .quiet), "planning": ("Planning", .quiet), "active": ("Active", .good),
        "archived": ("Archived", .quiet), "pending": ("Pending", .active), "delivered": ("Delivered", .good),
        "dead": ("Given up", .bad), "disabled": ("Disabled", .warn),
    ]
}

/// Names of the contract as people read them.
package enum Words {
    /// `validation_failed` as `Validation failed`.
    package static func sentence(_ name: String) -> String {
        let text = name.replacing("_", with: " ")
        return text.prefix(1).uppercased() + text.dropFirst()
    }

    /// `3 tasks`, `1 task`.
    package static func count(_ number: Int, _ one: String, _ many: String? = nil) -> String {
        "\(Amount.count(number)) \(number == 1 ? one : many ?? one + "s")"
    }

    /// Why something does not run now, by the names of `waits_for`.
    package static func waiting(for reason: String) -> String { reasons[reason] ?? "waits: \(sentence(reason))" }

    private static let reasons = [
        "dependency": "waits for another task", "approval": "waits for approval", "pause": "held by a pause",
        "retry": "waits for its next try", "children": "waits for its sub-tasks",
        "limit": "waits: its company's limit is reached", "worker": "waits for a free worker",
        "budget": "waits: the budget is spent", "rate": "waits: the model's rate is reached",
        "resource": "waits for a resource",
    ]
}
