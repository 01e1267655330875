import ArgumentParser
import Contracts
import Foundation
import Foundations

/// `automata status`
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "status", abstract: "Shows where a task is.")

    @OptionGroup var options: ClientOptions
    @OptionGroup var reference: TaskReference
    @Flag(name: .long, help: "Print JSON.") var json = false

    func run() async throws {
        let address = try reference.address()
        try await reporting {
            let client = try await PlatformClient.connect(try await options.source())
            let fields = try await client.ask(address, .status, [:])
            guard !json else { return try Output.json(.object(fields)) }
            let snapshot = try JSONValue.object(fields).decode(StatusSnapshot.self)
            Output.line("status   \(snapshot.status.rawValue)")
            Output.line("stage    \(snapshot.stage.rawValue), round \(snapshot.round)")
            if let progress = snapshot.progress { Output.line("progress \(progress) %") }
            if let reason = snapshot.waitsFor { Output.line("waits    for \(reason)") }
            Output.line("events   \(snapshot.lastSeq)")
            if let branch = snapshot.branchName { Output.line("branch   \(branch)") }
            Output.line(String(format: "cost     $%.4f", snapshot.costUSD))
            if let reason = snapshot.result["error_message"]?.stringValue { Output.line("reason   \(reason)") }
        }
    }
}
