import ArgumentParser
import Contracts
import Foundations

/// `automata query`
struct QueryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "query", abstract: "Reads a list of the platform, of a company, a project or a task.",
        discussion: """
            Lists are tasks, queue, dead_letters, rejected, discoveries, pushes, webhooks, logs, pauses, reports, \
            system and performance, of the platform also replicas, models and health, and of a task also \
            activities, events, transcript, evidence and attempts. Each item is a line of JSON, the newest first.
            """)

    @OptionGroup var options: ClientOptions
    @Argument(help: "The list.") var what: String
    @Argument(help: "COMPANY, COMPANY/PROJECT or COMPANY/PROJECT/TASK (default: the platform, for operators).")
    var place: String?
    @Option(
        name: .long, help: "FIELD=VALUE that items have to have, such as since=2026-11-21T00:00:00Z; may be repeated.")
    var filter: [String] = []
    @Option(name: .long, help: "The page that this cursor leads to.") var cursor: String?
    @Option(name: .long, help: "Items of the page, 1 to \(QueryRequest.maximumLimit).") var limit = 50
    @Flag(name: .long, help: "Print one document of JSON: the items, and the cursor of the next page.") var json = false

    func validate() throws {
        _ = try scope()
        _ = try fields()
    }

    func run() async throws {
        let request = QueryRequest(what, filter: try fields(), limit: limit, cursor: cursor)
        try await reporting {
            let client = try await PlatformClient.connect(try await options.source())
            let page = try await client.page(request, in: try scope())
            guard !json else { return try Output.json(.object(page.fields)) }
            for item in page.items { try Output.jsonLine(item) }
            if let cursor = page.cursor { Output.error("more: --cursor '\(cursor)'") }
        }
    }

    private func scope() throws -> QueryScope {
        guard let scope = QueryScope(try TaskAddress(place: place ?? "-")) else { throw TaskAddress.noPlace }
        return scope
    }

    /// A number is meant where there is one: the `seq` of events.
    private func fields() throws -> [String: JSONValue] {
        try filter.fields(of: "--filter") { Int($0).map(JSONValue.int) ?? .string($0) }
    }
}
