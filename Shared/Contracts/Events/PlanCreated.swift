import Foundations

/// The planner's model submitted its plan. The details are the plan itself.
package struct PlanCreated: EventDetails {
    package static let type = EventType.planCreated

    package var plan: ImplementationPlan

    package init(plan: ImplementationPlan) { self.plan = plan }

    package init(from decoder: any Decoder) throws { plan = try ImplementationPlan(from: decoder) }

    package func encode(to encoder: any Encoder) throws { try plan.encode(to: encoder) }

    package var message: String { "Plan of \(plan.steps.count) step(s): \(plan.goal.line(200))" }
}
