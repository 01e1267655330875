import ArgumentParser
import Contracts

/// `automata pause`
struct PauseCommand: OperationCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause", abstract: "Has nothing new begin: of the platform, of a company, or on a replica.",
        discussion: "What runs ends its step, and results are delivered.")

    @OptionGroup var options: ClientOptions
    @OptionGroup var place: OperationPlace
    @Option(name: .long, help: "The replica that is to pause, such as coder-2.") var replica: String?
    @OptionGroup var actor: ActorOption
    @Flag(name: .long, help: "Print JSON.") var json = false

    func run() async throws {
        try await ask(OperationRequest(.pause, replica: replica, actor: actor.name), of: try place.scope())
    }
}

/// `automata resume`
struct ResumeCommand: OperationCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Has the platform, a company or a replica go on after a pause or a checkpoint."
    )

    @OptionGroup var options: ClientOptions
    @OptionGroup var place: OperationPlace
    @Option(name: .long, help: "The replica that is to go on, such as coder-2.") var replica: String?
    @OptionGroup var actor: ActorOption
    @Flag(name: .long, help: "Print JSON.") var json = false

    func run() async throws {
        try await ask(OperationRequest(.resume, replica: replica, actor: actor.name), of: try place.scope())
    }
}

/// `automata checkpoint`
struct CheckpointCommand: OperationCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkpoint",
        abstract: "Pauses the platform or a company, and writes a report when what runs has ended its step.",
        discussion: "Work goes on with `automata resume`. By itself that happens every CHECKPOINT_DAYS.")

    @OptionGroup var options: ClientOptions
    @OptionGroup var place: OperationPlace
    @OptionGroup var actor: ActorOption
    @Flag(name: .long, help: "Print JSON.") var json = false

    func run() async throws {
        try await ask(OperationRequest(.checkpoint, actor: actor.name), of: try place.scope())
    }
}

/// `automata restart`
struct RestartCommand: OperationCommand {
    static let configuration = CommandConfiguration(
        commandName: "restart", abstract: "Has a replica give back what it runs and start again.",
        discussion: "`automata replicas` lists them.")

    @OptionGroup var options: ClientOptions
    @Argument(help: "The replica's name, such as coder-2.") var replica: String
    @OptionGroup var actor: ActorOption
    @Flag(name: .long, help: "Print JSON.") var json = false

    func run() async throws { try await ask(OperationRequest(.restart, replica: replica, actor: actor.name)) }
}

/// `automata drain`
struct DrainCommand: OperationCommand {
    static let configuration = CommandConfiguration(
        commandName: "drain", abstract: "Has a replica end what it runs, then itself, for good.",
        discussion: "`automata replicas` lists them.")

    @OptionGroup var options: ClientOptions
    @Argument(help: "The replica's name, such as coder-2.") var replica: String
    @OptionGroup var actor: ActorOption
    @Flag(name: .long, help: "Print JSON.") var json = false

    func run() async throws { try await ask(OperationRequest(.drain, replica: replica, actor: actor.name)) }
}
