import Contracts
import FoundationEssentials
import Foundations
import TaskStore

/// The lists of the record: whatever `query` knows is here without a row of its own.
enum ListRoutes {
    /// How many items a page has where nothing else is asked for.
    static let usualLimit = 50

    static let rows = QueryOffer.all.flatMap { offer in [wide(offer), below(offer)].compactMap { $0 } } + status

    /// How much there is of everything, by the name that the status of all has here.
    private static let status = QueryOffer.all.filter { $0.what == "system" }.compactMap { wide($0, as: "status") }

    /// The list of all companies, of a company or of a project.
    private static func wide(_ offer: QueryOffer, as name: String? = nil) -> Route? {
        let name = name ?? offer.what
        let places = [("company", QueryScope.Level.company), ("project", .project)].filter {
            offer.scopes.contains($0.1)
        }.map(\.0)
        guard offer.scopes != [.task] else { return nil }
        let isStream = offer.what == logs
        let operation = Operation(
            "list_\(name)",
            "Lists \(name.replacing("_", with: " ")), the newest first." + (isStream ? streamed : ""),
            query: places.map { Parameter($0, .identifier) } + parameters(offer), headers: headers(isStream),
            success: isStream ? .pageOrStream : .page)
        return Route(.get, RoutePath("/api/v1/\(name)"), .role(.viewer), operation) { call, _, gateway in
            if isStream, call.accepts(MediaType.events) {
                return try await LogStreams.answer(offer, call, in: try call.scope(), places: places, gateway)
            }
            try call.refuseFields(otherThan: places + names(offer))
            return try await answer(offer, call, in: try call.scope(), gateway)
        }
    }

    /// The list of a task.
    private static func below(_ offer: QueryOffer) -> Route? {
        // The list of tasks holds of a task nothing but that task.
        guard offer.scopes.contains(.task), offer.what != "tasks" else { return nil }
        let isStream = ["events", logs].contains(offer.what)
        let operation = Operation(
            "task_\(offer.what)",
            "Lists \(offer.what.replacing("_", with: " ")) of a task, the newest first." + (isStream ? streamed : ""),
            query: parameters(offer), headers: headers(isStream), success: isStream ? .pageOrStream : .page)
        let path = RoutePath("\(TaskRoutes.task)/\(offer.what)")
        return Route(.get, path, .role(.viewer), operation) { call, _, gateway in
            if isStream, call.accepts(MediaType.events) {
                guard offer.what == logs else { return try await StreamRoutes.task(call, gateway) }
                return try await LogStreams.answer(offer, call, in: .task(try call.task()), gateway)
            }
            try call.refuseFields(otherThan: names(offer))
            return try await answer(offer, call, in: .task(try call.task()), gateway)
        }
    }

    /// What is streamed to who asks for it, of whatever it is asked.
    private static let logs = "logs"
    private static let streamed = " Asked for text/event-stream, it streams them instead, the oldest first."

    private static func headers(_ isStream: Bool) -> [Parameter] {
        isStream ? [Parameter("Last-Event-ID", .text)] : []
    }

    private static func answer(
        _ offer: QueryOffer, _ call: Call, in scope: QueryScope, _ gateway: Gateway
    ) async throws -> Answer {
        let limit = try call.integer("limit", in: 1...QueryRequest.maximumLimit)
        let request = QueryRequest(
            offer.what, filter: try filter(offer, call), limit: limit ?? usualLimit, cursor: try call.field("cursor"))
        guard let page = try await gateway.record.page(request, in: scope) else { throw Problem.unknownTask }
        return try .json(.object(page.fields))
    }

    /// A word that may be one of several may be given several times.
    static func filter(_ offer: QueryOffer, _ call: Call) throws(Problem) -> [String: JSONValue] {
        var filter: [String: JSONValue] = [:]
        for (name, form) in offer.filters {
            if case .words = form, let values = call.query[name] {
                filter[name] = .array(values.flatMap { $0.split(separator: ",") }.map { .string(String($0)) })
            } else if let text = try call.field(name) {
                filter[name] = form == .count ? Int(text).map(JSONValue.int) ?? .string(text) : .string(text)
            }
        }
        return filter
    }

    private static func names(_ offer: QueryOffer) -> [String] { offer.filters.map(\.name) + ["limit", "cursor"] }

    private static func parameters(_ offer: QueryOffer) -> [Parameter] {
        offer.filters.map { Parameter($0.name, schema($0.form)) } + [
            Parameter("limit", .integer(1...QueryRequest.maximumLimit)), Parameter("cursor", .text),
        ]
    }

    private static func schema(_ form: QueryFilterForm) -> Schema {
        switch form {
        case .text: .text
        case .uuid: .uuid
        case .time: .time
        case .count: .integer(0...Int.max)
        case .words(let words): .list(.words(words))
        }
    }
}
