/// A kind of work that steps consist of. Each is done by one kind of service, which claims runs of it.
package struct StepKind: StepWord {
    package let rawValue: String
    package init(validated rawValue: String) { self.rawValue = rawValue }

    package static let plan = StepKind(validated: "plan")
    package static let implementation = StepKind(validated: "implementation")
    package static let validation = StepKind(validated: "validation")
    package static let push = StepKind(validated: "push")
    /// Has children do the work, and decides what follows from how they end.
    package static let coordinate = StepKind(validated: "coordinate")

    /// The last token of the message that permits a replica to claim a run of the kind.
    package var permit: String { "\(rawValue)_requested" }
}

extension StepKind {
    /// What has to be known of a kind outside of its service.
    package struct Row: Sendable, Hashable {
        package let kind: StepKind
        /// The durable consumer of its permits, which the replicas of its service share.
        package let consumer: String
        /// What may come of a step.
        package let outcomes: Set<Outcome>
        /// The kinds of the steps that may follow, in one flow or another: its service publishes their permits too. A
        /// permit is a hint, the claim decides.
        package let successors: Set<StepKind>
        /// What such a step tells subscribers, besides what every step may (``EventType/isOfAnyStep``).
        package let events: Set<EventType>
        /// Whether its service opens credentials. No other may read the table of the seals.
        package var opensCredentials = false
        /// Whether it signs what it saw, so that a tree may be called validated.
        package var givesEvidence = false
    }

    /// The kinds that there are. A new one is a row here, a folder in `Services/` and a step of a flow.
    package static let rows: [Row] = [
        Row(
            kind: .plan, consumer: "planner", outcomes: [.succeeded], successors: [.implementation],
            events: [.repoCloned, .branchCreated, .planCreated, .discoveryRecorded, .budgetAlert],
            opensCredentials: true),
        Row(
            kind: .implementation, consumer: "coder", outcomes: [.succeeded], successors: [.validation],
            events: [
                .implementationStarted, .implementationStep, .implementationCompleted, .discoveryRecorded,
                .budgetAlert,
            ]),
        Row(
            kind: .validation, consumer: "validator", outcomes: [.succeeded, .unchanged, .failed, .unrepairable],
            successors: [.implementation, .push], events: [.validationStarted, .validationCompleted],
            givesEvidence: true),
        Row(
            kind: .push, consumer: "pusher", outcomes: [.succeeded, .unchanged, .stale], successors: [.validation],
            events: [.changesCommitted, .changesPushed], opensCredentials: true),
    ]

    /// A kind that no service works on yet: flows that have it are not built in, and nothing on the bus leads to them.
    package static let coordination = Row(
        kind: .coordinate, consumer: "coordinator", outcomes: [.succeeded, .failed], successors: [], events: [])

    /// What is known of the kind; `nil` for one of another version of the program.
    package var row: Row? { Self.rows.first { $0.kind == self } }
}
