import ArgumentParser
import Contracts
import Foundations

/// `automata control`
struct ControlCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "control",
        abstract: "Steers a running task: cancel, pause, resume, steer, approve, reject, raise-budget, retry.")

    enum Action: String, ExpressibleByArgument, CaseIterable {
        case cancel, pause, resume, steer, approve, reject, retry
        case raiseBudget = "raise-budget"
    }

    @OptionGroup var options: ClientOptions
    @Argument(help: "One of \(Action.allCases.map(\.rawValue).joined(separator: ", ")).") var action: Action
    @OptionGroup var reference: TaskReference
    @OptionGroup var actor: ActorOption
    @Option(name: .long, help: "For steer: what the model is told.") var message: String?
    @Option(name: .long, help: "For raise-budget: the new limit in US dollars.") var maxCost: Double?
    @Flag(name: .long, help: "Print JSON.") var json = false

    func run() async throws {
        let address = try reference.address()
        let message = ControlMessage(try request(), actor: actor.name)
        try await reporting {
            let client = try await PlatformClient.connect(try await options.source())
            let fields = try await client.ask(address, .control, message.json)
            guard !json else { return try Output.json(.object(fields)) }
            Output.line(fields["status"]?.stringValue ?? "done")
        }
    }

    private func request() throws -> ControlRequest {
        switch action {
        case .cancel: return .cancel
        case .pause: return .pause
        case .resume: return .resume
        case .approve: return .approve
        case .reject: return .reject
        case .retry: return .retry
        case .steer:
            guard let message else { throw ValidationError("steer needs --message") }
            return .steer(message: message)
        case .raiseBudget:
            guard let maxCost else { throw ValidationError("raise-budget needs --max-cost") }
            return .raiseBudget(maxCostUSD: maxCost)
        }
    }
}
