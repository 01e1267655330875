import ArgumentParser
import Foundation
import UnixSignals

/// `automata supervise`: what `automata up` leaves behind. It reads on its standard input which services there are, with
/// their logins and keys, so that no file holds these.
struct SuperviseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "supervise", abstract: "Keeps the services of a stack running; started by `automata up`.",
        shouldDisplay: false)

    func run() async throws {
        try await reporting {
            let input = FileHandle.standardInput.readDataToEndOfFile()
            let supervisor = Supervisor(try JSONDecoder().decode([SupervisedService].self, from: input), .current)
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
