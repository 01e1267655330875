import ArgumentParser
import Contracts
import Foundation
import Foundations

/// `automata add`
struct AddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Adds a task to a project: what is to be done is enough.",
        discussion: """
            The project says the rest: `automata up PATH` defines local/default, `automata define project` any. \
            `automata submit` says more of a task.
            """)

    @OptionGroup var options: ClientOptions
    @Argument(help: "What to do; its first line is the title.") var description: String
    @Option(name: .long, help: "1 (first) to 10, or critical, high, normal, low.") var priority: String?
    @OptionGroup var place: ProjectOption
    @Flag(name: .long, help: "Follow the task to its end.") var watch = false
    @Flag(name: .long, help: "Print JSON.") var json = false

    func run() async throws {
        try await reporting {
            let body = try request()
            _ = try TaskAddress(of: body)
            let client = try await PlatformClient.connect(try await options.source())
            try await client.submit(body, watch: watch, json: json)
        }
    }

    func request() throws -> JSONValue {
        let project = try place.address()
        var task: [String: JSONValue] = [
            "company_id": .string(project.company.text), "project_id": .string(project.project.text),
            "id": .string("task-\(UUID.v7().text)"), "description": .string(description),
        ]
        task["priority"] = priority.map { Int($0).map(JSONValue.int) ?? .string($0) }
        return ["task": .object(task)]
    }
}

/// The project of tasks that name none.
struct ProjectOption: ParsableArguments {
    @Option(name: .long, help: "COMPANY/PROJECT of tasks that name none.") var project = "local/default"

    func validate() throws { _ = try address() }

    func address() throws -> TaskAddress {
        let address = try TaskAddress(place: project)
        guard !address.company.standsForAll, !address.project.standsForAll, address.task.standsForAll else {
            throw ValidationError("--project: expected COMPANY/PROJECT of [A-Za-z0-9_-]{1,64}")
        }
        return address
    }
}
