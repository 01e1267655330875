import ArgumentParser
import Contracts
import Foundations

/// `automata query`
struct QueryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "query", abstract: "Reads a list of the platform, of a company, a project or a task.",
        discussion: """
            Lists are tasks, queue, dead_letters, rejected, discoveries, pushes, webhooks, logs, pauses and reports, of the \
            platform also replicas, and of a task also \
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
        var ids = place?.split(separator: "/", omittingEmptySubsequences: false).map(String.init) ?? []
        let count = ids.count
        while ids.count < 3 { ids.append(CompanyID.all.text) }
        guard count <= 3, let company = CompanyID(ids[0]), let project = ProjectID(ids[1]), let task = TaskID(ids[2]),
            let scope = QueryScope(TaskAddress(company: company, project: project, task: task))
        else {
            throw ValidationError("expected COMPANY, COMPANY/PROJECT or COMPANY/PROJECT/TASK of [A-Za-z0-9_-]{1,64}")
        }
        return scope
    }

    /// A number is meant where there is one: the `seq` of events.
    private func fields() throws -> [String: JSONValue] {
        var fields: [String: [JSONValue]] = [:]
        for text in filter {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2 else { throw ValidationError("--filter: expected FIELD=VALUE") }
            fields[parts[0], default: []].append(Int(parts[1]).map(JSONValue.int) ?? .string(parts[1]))
        }
        return fields.mapValues { $0.count == 1 ? $0[0] : .array($0) }
    }
}
