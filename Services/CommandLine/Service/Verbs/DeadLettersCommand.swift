import ArgumentParser
import Contracts
import Foundations
import TaskStore

/// `automata dead-letters`
struct DeadLettersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dead-letters", abstract: "Tasks that failed and can be retried.",
        subcommands: [List.self, Show.self, Retry.self])

    struct List: AsyncParsableCommand {
        @OptionGroup var options: ClientOptions
        @Option(name: .long, help: "At most so many.") var limit = 50
        @Flag(name: .long, help: "Print JSON.") var json = false

        func run() async throws {
            try await reporting {
                let (_, store) = try Record.open(try await options.source())
                try TaskTable.show(try await store.list(.deadLetters(limit: limit)), json: json)
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
                let (_, store) = try Record.open(try await options.source())
                guard let record = try await store.workflow(address), let result = record.result else {
                    throw Failure("there is no such task, or it has not ended", Exit.notFound)
                }
                try Output.json(try JSONValue(encoding: result))
            }
        }
    }

    struct Retry: AsyncParsableCommand {
        @OptionGroup var options: ClientOptions
        @OptionGroup var reference: TaskReference

        func run() async throws {
            let address = try reference.address()
            try await reporting {
                let client = try await Client.connect(try await options.source())
                _ = try await client.ask(address, .control, ControlRequest.retry.json)
                Output.line("queued")
            }
        }
    }
}
