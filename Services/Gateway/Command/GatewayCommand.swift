import ArgumentParser
import Contracts
import GatewayService
import ServiceKit
import ServiceLifecycle

@main
struct GatewayCommand: ServiceCommand {
    static let kind = ServiceKind.gateway
    static let abstract = "Serves tasks, their events and the state of the platform over HTTP, for programs and people."
    static let crashSteps: [CrashPoint.Step] = []

    @OptionGroup var options: ServiceOptions

    func services(_ context: ServiceContext) async throws -> [any Service] { try Gateway.services(context) }
}
