import ArgumentParser
import Contracts
import Foundation
import Foundations

/// `automata submit`
struct SubmitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit", abstract: "Submits a task, from a file or from flags.")

    @OptionGroup var options: ClientOptions

    @Argument(help: "A task request as JSON or YAML; - reads standard input.") var file: String?
    @Option(name: .long, help: "COMPANY/PROJECT/TASK (default: local/default/ and a fresh id).") var task: String?
    @Option(name: .long, help: "What to do, in one line.") var title: String?
    @Option(name: .long, help: "What to do, at length.") var description: String?
    @Option(name: .long, help: "URL of the Git remote (default: the project's).") var remote: String?
    @Option(name: .long, help: "The branch to start from.") var branch: String?
    @Option(name: .long, help: "The variable of the environment that holds an access token.") var tokenVariable: String?
    @Option(name: .long, help: "A command that validates the result; may be repeated.") var validate: [String] = []
    @Option(name: .long, help: "Something the result must fulfil; may be repeated.") var requirement: [String] = []
    @Option(name: .long, help: "The model.") var model: String?
    @Option(name: .long, help: "The most it may cost, in US dollars.") var maxCost: Double?
    @Option(name: .long, help: "1 (first) to 10, or critical, high, normal, low.") var priority: String?
    @Option(name: .long, help: "Where the result is sent.") var webhook: String?
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

    /// The request: the file's, with what the flags say over it.
    func request() throws -> JSONValue {
        var request = try file.map(InputFile.read) ?? [:]
        if let task {
            let address = try TaskReference.parse([task]).address()
            request.set(["task", "company_id"], .string(address.company.text))
            request.set(["task", "project_id"], .string(address.project.text))
            request.set(["task", "id"], .string(address.task.text))
        } else {
            let ids = ["company_id": "local", "project_id": "default", "id": "task-\(UUID.v7().text)"]
            for (name, id) in ids where request["task"]?[name] == nil { request.set(["task", name], .string(id)) }
        }
        for (path, value) in flags { request.set(path, value) }
        if let tokenVariable { try request.setToken(tokenVariable) }
        return request
    }

    private var flags: [([String], JSONValue)] {
        var flags: [([String], JSONValue)] = []
        func add(_ value: String?, _ path: String...) { if let value { flags.append((path, .string(value))) } }
        add(title, "task", "title")
        add(description, "task", "description")
        add(remote, "repository", "remote_url")
        add(branch, "repository", "branch")
        add(model, "agent", "model")
        add(webhook, "delivery", "webhook_url")
        if let maxCost { flags.append((["agent", "max_cost_usd"], .double(maxCost))) }
        if let priority { flags.append((["task", "priority"], Int(priority).map(JSONValue.int) ?? .string(priority))) }
        if !validate.isEmpty { flags.append((["validation", "commands"], .array(validate.map(JSONValue.string)))) }
        if !requirement.isEmpty { flags.append((["task", "requirements"], .array(requirement.map(JSONValue.string)))) }
        return flags
    }
}
