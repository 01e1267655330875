import ArgumentParser
import UnixSignals

/// `automata supervise`: what `automata up` leaves behind.
struct SuperviseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "supervise", abstract: "Keeps the services of a stack running; started by `automata up`.",
        shouldDisplay: false)

    func run() async throws {
        try await reporting {
            let supervisor = try Supervisor(.current)
            let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await supervisor.run() }
                group.addTask { for await _ in signals { break } }
                await group.next()
                group.cancelAll()
            }
        }
    }
}
