import ArgumentParser
import TaskStore

/// `automata migrate`
struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate", abstract: "Brings the database's schema up to date.")

    @OptionGroup var options: ClientOptions

    func run() async throws {
        try await reporting {
            let (pool, _) = try Record.open(try await options.source())
            let applied = try await TaskStore.migrate(pool)
            Output.line(applied.isEmpty ? "up to date" : "applied \(applied.count) migration(s)")
        }
    }
}
