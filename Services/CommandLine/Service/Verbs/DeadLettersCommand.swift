import ArgumentParser
import Contracts
import Foundations

/// `automata dead-letters`
struct DeadLettersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dead-letters", abstract: "Tasks that failed and can be retried.",
        subcommands: [List.self, Show.self, Retry.self])

    struct List: AsyncParsableCommand {
        @OptionGroup var options: ClientOptions
        @OptionGroup var list: ListOptions
        @Flag(name: .long, help: "Print JSON.") var json = false

        func run() async throws {
            try await reporting {
                let client = try await PlatformClient.connect(try await options.source())
                let tasks = try await client.items("dead_letters", in: try list.scope(), limit: list.limit)
                try TaskTable.show(tasks.items, json: json)
            }
        }
    }

    struct Show: AsyncParsableCommand {
        @OptionGroup var options: ClientOptions
        @OptionGroup var reference: TaskReference
        @Flag(name: .long, help: "Print JSON, which is the only form.") var json = false

        func run() async throws {
            let address = try reference.address()
            try await reporting {
                let client = try await PlatformClient.connect(try await options.source())
                let fields = try await client.ask(address, .status, [:])
                guard fields["finished_at"]?.stringValue != nil, let result = fields["result"] else {
                    throw Failure("the task has not ended", Exit.notFound)
                }
                try Output.json(result)
            }
        }
    }

    struct Retry: AsyncParsableCommand {
        @OptionGroup var options: ClientOptions
        @OptionGroup var reference: TaskReference
        @OptionGroup var actor: ActorOption

        func run() async throws {
            let address = try reference.address()
            try await reporting {
                let client = try await PlatformClient.connect(try await options.source())
                _ = try await client.ask(address, .control, ControlMessage(.retry, actor: actor.name).json)
                Output.line("queued")
            }
        }
    }
}
