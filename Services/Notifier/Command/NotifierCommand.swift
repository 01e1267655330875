import ArgumentParser
import Contracts
import NotifierService
import ServiceKit
import ServiceLifecycle

@main
struct NotifierCommand: ServiceCommand {
    static let kind = ServiceKind.notifier
    static let abstract = "Relays the outbox, repairs leases and the broker, and tells people how tasks ended."
    static let crashSteps = Notifier.crashSteps

    @OptionGroup var options: ServiceOptions

    func services(_ context: ServiceContext) async throws -> [any Service] { try Notifier.services(context) }
}
