import Contracts

extension Flow {
    /// A coding task: a plan, its implementation, the validation, which sends back for repair, and one push.
    package static func task(for request: TaskRequest) -> Flow {
        let asked = request.delivery.approval
        return Flow(
            name: "task",
            steps: [
                Step(
                    .plan, .plan,
                    next: [.succeeded: .step(.implementation, approval: asked == .plan ? "plan" : nil)]),
                Step(.implementation, .implementation, next: [.succeeded: .step(.validation)]),
                validation(
                    rounds: request.validation.maxRepairRounds,
                    then: .step(.push, approval: asked == .push ? "push" : nil)),
                Step(
                    .push, .push,
                    next: [
                        .succeeded: .end(.completed), .unchanged: .end(.completedNoChanges),
                        .stale: .afresh(.validation),
                    ]),
            ])
    }

    /// A part of a larger work, whose plan is made: it ends validated, and others deliver it.
    package static func subtask(for request: TaskRequest) -> Flow {
        Flow(
            name: "subtask",
            steps: [
                Step(.implementation, .implementation, next: [.succeeded: .step(.validation)]),
                validation(rounds: request.validation.maxRepairRounds, then: .end(.completed)),
            ])
    }

    private static func validation(rounds: Int, then next: Edge) -> Step {
        Step(
            .validation, .validation,
            next: [
                .succeeded: next, .unchanged: .end(.completedNoChanges),
                .failed: .round(.implementation, most: rounds, otherwise: .validationFailed),
                .unrepairable: .end(.validationFailed),
            ])
    }

    /// The flows that are built in, by name.
    package static let builtIn: [(name: String, make: @Sendable (TaskRequest) -> Flow)] = [
        ("task", task(for:)), ("subtask", subtask(for:)),
    ]
}
