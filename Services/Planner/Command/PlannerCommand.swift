import ArgumentParser
import Contracts
import PlannerService
import ServiceKit
import ServiceLifecycle

@main
struct PlannerCommand: ServiceCommand {
    static let kind = ServiceKind.planner
    static let abstract =
        "Takes submissions, fetches repositories, plans tasks, and answers submit, control and status."
    static let crashSteps = Planner.crashSteps

    @OptionGroup var options: ServiceOptions

    func services(_ context: ServiceContext) async throws -> [any Service] {
        try await Planner.services(context)
    }
}
