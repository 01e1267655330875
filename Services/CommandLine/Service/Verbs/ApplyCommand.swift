import ArgumentParser
import Contracts
import Foundation
import Foundations
import TaskFiles

/// `automata apply`
struct ApplyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply", abstract: "Has the tasks of a file: adds those that are new, changes those that wait.",
        discussion: """
            tasks: [{description: …, priority: 2}]; a task without an id is known by its description. What has begun \
            stays as it is, and is refused where the file says otherwise; what is no longer in the file is left alone. \
            A file that is broken changes nothing.
            """)

    @OptionGroup var options: ClientOptions
    @Argument(help: "The file, as YAML or JSON; - reads standard input.") var file: String
    @OptionGroup var place: ProjectOption
    @Flag(name: .long, help: "Say what would change, and change nothing.") var dryRun = false
    @Flag(name: .long, help: "Print JSON.") var json = false

    func run() async throws {
        try await reporting {
            let tasks = try InputFile.tasks(file, of: try place.address())
            let client = try await PlatformClient.connect(try await options.source())
            var plan = try await tasks.plan(at: client)
            if !dryRun { plan = try await plan.carriedOut(at: client) }
            if json { try Output.json(plan.json) } else { Self.lines(of: plan).forEach(Output.line) }
            if !plan.refused.isEmpty { throw Exit.refused }
        }
    }

    static func lines(of plan: TaskPlan) -> [String] {
        let rows = plan.rows.map { row in
            let word = row.change.word.padding(toLength: 11, withPad: " ", startingAt: 0)
            let place = row.entry.place.map { "line \($0.line): " } ?? ""
            let reason = row.refusal.map { "  (\(place)\($0.code): \($0.reason))" } ?? ""
            return "\(word)\(row.entry.name)  \(row.entry.title.clipped(60))\(reason)"
        }
        let counts = plan.counts.map { "\($0.word) \($0.count)" }.joined(separator: ", ")
        return rows + [counts]
    }
}
