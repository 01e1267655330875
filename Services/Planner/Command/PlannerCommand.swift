import ArgumentParser
import PlannerService
import ServiceKit
import ServiceLifecycle

@main
struct PlannerCommand: ServiceCommand {
    static let serviceName = "planner"
    static let abstract =
        "Takes submissions, fetches repositories, plans tasks, and answers submit, control and status."
    static let crashSteps = Planner.crashSteps

    @OptionGroup var options: ServiceOptions

    func services(_ context: ServiceContext) async throws -> [any Service] {
        try await Planner.services(context)
    }
}
