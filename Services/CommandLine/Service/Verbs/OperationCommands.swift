import ArgumentParser
import Contracts
import Foundation
import Foundations

/// `automata pause`
struct PauseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause", abstract: "Has nothing new begin: of the platform, of a company, or on a replica.",
        discussion: "What runs ends its step, and results are delivered.")

    @OptionGroup var options: ClientOptions
    @OptionGroup var place: OperationPlace
    @Option(name: .long, help: "The replica that is to pause, such as coder-2.") var replica: String?
    @Flag(name: .long, help: "Print JSON.") var json = false

    func run() async throws { try await place.ask(.pause, replica: replica, options, json: json) }
}

/// `automata resume`
struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Has the platform, a company or a replica go on after a pause or a checkpoint.")

    @OptionGroup var options: ClientOptions
    @OptionGroup var place: OperationPlace
    @Option(name: .long, help: "The replica that is to go on, such as coder-2.") var replica: String?
    @Flag(name: .long, help: "Print JSON.") var json = false

    func run() async throws { try await place.ask(.resume, replica: replica, options, json: json) }
}

/// `automata checkpoint`
struct CheckpointCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkpoint",
        abstract: "Pauses the platform or a company, and writes a report when what runs has ended its step.",
        discussion: "Work goes on with `automata resume`. By itself that happens every CHECKPOINT_DAYS.")

    @OptionGroup var options: ClientOptions
    @OptionGroup var place: OperationPlace
    @Flag(name: .long, help: "Print JSON.") var json = false

    func run() async throws { try await place.ask(.checkpoint, options, json: json) }
}

/// `automata restart`
struct RestartCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restart", abstract: "Has a replica give back what it runs and start again.")

    @OptionGroup var options: ClientOptions
    @OptionGroup var replica: ReplicaReference
    @Flag(name: .long, help: "Print JSON.") var json = false

    func run() async throws { try await replica.ask(.restart, options, json: json) }
}

/// `automata drain`
struct DrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drain", abstract: "Has a replica end what it runs, then itself, for good.")

    @OptionGroup var options: ClientOptions
    @OptionGroup var replica: ReplicaReference
    @Flag(name: .long, help: "Print JSON.") var json = false

    func run() async throws { try await replica.ask(.drain, options, json: json) }
}

/// The whole of what an operation is about.
struct OperationPlace: ParsableArguments {
    @Argument(help: "The company's id (default: the platform).") var company: String?
    @Option(name: .long, help: "Who asks, for the record (default: your login on this machine).") var actor: String?

    func validate() throws { _ = try scope() }

    func scope() throws -> QueryScope { try QueryScope(company: company) }

    func ask(
        _ action: OperationRequest.Action, replica: String? = nil, _ options: ClientOptions, json: Bool
    ) async throws {
        let scope = try scope()
        try await reporting {
            let request = OperationRequest(action, replica: replica, actor: actor ?? Self.login)
            let client = try await PlatformClient.connect(try await options.source())
            let fields = try await client.ask(scope.address, .control, request.json)
            guard !json else { return try Output.json(.object(fields)) }
            Output.line(fields["status"]?.stringValue ?? "done")
        }
    }

    static var login: String? { ProcessInfo.processInfo.environment["USER"].flatMap { $0.isEmpty ? nil : $0 } }
}

/// Names one replica.
struct ReplicaReference: ParsableArguments {
    @Argument(help: "The replica's name, such as coder-2; `automata replicas` lists them.") var replica: String
    @Option(name: .long, help: "Who asks, for the record (default: your login on this machine).") var actor: String?

    func ask(_ action: OperationRequest.Action, _ options: ClientOptions, json: Bool) async throws {
        var place = OperationPlace()
        place.company = nil
        place.actor = actor
        try await place.ask(action, replica: replica, options, json: json)
    }
}
