import ArgumentParser
import Foundation
import Foundations

/// `automata ps`
struct ListProcessesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "ps", abstract: "Lists the processes of the stack.")

    @Flag(name: .long, help: "Print JSON.") var json = false

    func run() async throws {
        try await reporting {
            guard let state = try StackState.load(.current) else {
                throw Failure("no stack is running in \(StackPaths.current.root)", Exit.notFound)
            }
            let rows = state.processes.map { process in
                (process, alive: ProcessTable.isAlive(process), bytes: ProcessTable.residentBytes(process.pid) ?? 0)
            }
            guard !json else {
                return try Output.json(
                    .array(
                        rows.map { process, alive, bytes in
                            [
                                "name": .string(process.name), "pid": .int(Int(process.pid)), "running": .bool(alive),
                                "resident_bytes": .int(alive ? bytes : 0),
                                "health_port": process.healthPort.map(JSONValue.int) ?? .null,
                            ]
                        }))
            }
            for (process, alive, bytes) in rows {
                let name = process.name.padding(toLength: 20, withPad: " ", startingAt: 0)
                let pid = String(process.pid).padding(toLength: 8, withPad: " ", startingAt: 0)
                let health = process.healthPort.map { "   http://127.0.0.1:\($0)" } ?? ""
                Output.line("\(name)\(pid)\(alive ? "running   \(bytes >> 20) MB\(health)" : "ended")")
            }
        }
    }
}
