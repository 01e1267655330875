import ArgumentParser
import Contracts

/// `automata tasks`
struct ListTasksCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "tasks", abstract: "Lists tasks, the newest first.")

    @OptionGroup var options: ClientOptions
    @OptionGroup var list: ListOptions
    @Option(name: .long, help: "Only those of this status, such as running or completed; may be repeated.")
    var status: [String] = []
    @Flag(name: .long, help: "Print JSON.") var json = false

    func run() async throws {
        try await reporting {
            let client = try await PlatformClient.connect(try await options.source())
            let tasks = try await client.items(
                "tasks", in: try list.scope(), filter: status.isEmpty ? [:] : ["status": .strings(status)],
                limit: list.limit)
            try TaskTable.show(tasks.items, json: json)
        }
    }
}
