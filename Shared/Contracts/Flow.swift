/// A stage of a workflow. Each is run by one kind of service.
package enum Stage: String, Sendable, Codable, CaseIterable {
    case plan
    case implementation
    case validation
    case push
}

/// How a task flows: one row a stage. A new stage is a row here and a folder in `Services/`.
package struct FlowRow: Sendable {
    package let stage: Stage
    /// The message that permits a replica to claim a run of the stage.
    package let trigger: EventType
    /// The durable consumer that the stage's replicas share.
    package let consumer: String
    /// Where a run may lead, besides the end of the workflow.
    package let next: Set<Stage>
    /// The stages that may be begun afresh because what they left does not do: itself, or one before it.
    package let again: Set<Stage>
}

/// The flow of a task through the services.
package enum Flow {
    package static let first = Stage.plan

    package static let rows: [FlowRow] = [
        FlowRow(stage: .plan, trigger: .planRequested, consumer: "planner", next: [.implementation], again: [.plan]),
        FlowRow(
            stage: .implementation, trigger: .implementationRequested, consumer: "coder", next: [.validation],
            again: [.implementation]),
        FlowRow(
            stage: .validation, trigger: .validationRequested, consumer: "validator", next: [.push, .implementation],
            again: [.validation]),
        FlowRow(
            stage: .push, trigger: .pushRequested, consumer: "pusher", next: [], again: [.push, .validation]),
    ]

    /// The row of a stage.
    package static func row(_ stage: Stage) -> FlowRow {
        switch stage {
        case .plan: rows[0]
        case .implementation: rows[1]
        case .validation: rows[2]
        case .push: rows[3]
        }
    }
}

/// The streams and consumers besides those of the stages.
package enum StreamNames {
    /// The one stream that holds every stored message.
    package static let events = "AUTOMATA"
    /// The consumer of `task_submitted`, shared by planners.
    package static let intake = "intake"
    /// The consumers of the terminal events, shared by webhook bridges.
    package static let webhookCompleted = "webhook-completed"
    package static let webhookFailed = "webhook-failed"
    /// The consumers of the terminal events, shared by notifiers.
    package static let notifyCompleted = "notify-completed"
    package static let notifyFailed = "notify-failed"
}
