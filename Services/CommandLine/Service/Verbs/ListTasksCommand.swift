import ArgumentParser
import TaskStore

/// `automata tasks`
struct ListTasksCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "tasks", abstract: "Lists tasks, the newest first.")

    @OptionGroup var options: ClientOptions
    @Option(name: .long, help: "Only tasks of this company.") var company: String?
    @Option(name: .long, help: "At most so many.") var limit = 50
    @Flag(name: .long, help: "Print JSON.") var json = false

    func run() async throws {
        try await reporting {
            let (_, store) = try Record.open(try await options.source())
            try TaskTable.show(try await store.list(TaskFilter(company: company, limit: limit)), json: json)
        }
    }
}
