import ArgumentParser
import Contracts
import Foundation
import Foundations

/// `automata replicas`
struct ReplicasCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replicas", abstract: "Lists the processes of the services, and what each runs.",
        discussion: "What it finished and failed at is counted over the last 24 hours.")

    @OptionGroup var options: ClientOptions
    @Option(name: .long, help: "At most so many.") var limit = 200
    @Flag(name: .long, help: "Print JSON.") var json = false

    func run() async throws {
        try await reporting {
            let client = try await PlatformClient.connect(try await options.source())
            let replicas = try await client.items("replicas", in: .platform, limit: limit)
            guard !json else { return try Output.json(.array(replicas.items)) }
            for replica in replicas.items.sorted(by: { $0.text("name") < $1.text("name") }) {
                Output.line(Self.line(replica))
            }
        }
    }

    static func line(_ replica: JSONValue) -> String {
        let name = replica.text("name").padding(toLength: 28, withPad: " ", startingAt: 0)
        let wanted = replica["wanted"]?.stringValue.map { " (to \($0), says \(replica.text("wanted_by")))" } ?? ""
        let places = replica["places"]?.intValue.map { "/\($0)" } ?? ""
        let runs = replica["runs"]?.arrayValue ?? []
        let tasks = runs.prefix(3).map { "\($0.text("kind")) of \($0.taskName)" }.joined(separator: ", ")
        return "\(name)\(replica.text("status"))\(wanted)  runs \(runs.count)\(places), "
            + "finished \(replica["finished"]?.intValue ?? 0), failed \(replica["failed"]?.intValue ?? 0)"
            + (tasks.isEmpty ? "" : ": \(tasks)\(runs.count > 3 ? ", …" : "")")
    }
}
