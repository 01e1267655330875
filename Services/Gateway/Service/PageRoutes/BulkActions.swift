import Contracts
import FoundationEssentials
import Foundations
import GatewayPages
import TaskStore

/// What people have several tasks do: first how many they are, then, once it is confirmed, the thing itself.
enum BulkActions {
    /// The most tasks that one form reaches.
    private static let mostTasks = 1000
    /// How many are asked at a time.
    private static let width = 8
    private static let shown = 20

    static let rows: [Route] = [
        Route.page(.post, RoutePath(Place.bulkAction), .role(.operator)) { call, body, gateway in
            let form = try SentForm(body)
            guard let action = form.text("action"), ControlRequest.actions.contains(action) else {
                throw Problem.malformed("action: there is no such action")
            }
            let items = try await chosen(form, call.caller, gateway)
            let able = items.filter { isPossible(action, $0.text("status")) }
            guard form.text("confirmed") != nil else {
                let page = BulkPage(
                    action: action, count: able.count, skipped: items.count - able.count,
                    first: able.prefix(shown).map { TaskRow($0) }, fields: fields(form))
                return .page(page, for: call)
            }
            try await act(on: able, try TaskActions.control(form, call.caller), gateway)
            return Call.back(form.fields, done: action)
        }
    ]

    /// The tasks that the form names: each, or all that match its filter.
    private static func chosen(_ form: SentForm, _ caller: Caller, _ gateway: Gateway) async throws -> [Item] {
        guard form.text("scope") == "filter" else {
            var items: [Item] = []
            for name in (form.fields["task"] ?? []).prefix(mostTasks) {
                if let item = try await item(name, caller, gateway) { items.append(item) }
            }
            return items
        }
        let filter = form.fields.filter { $0.key.hasPrefix("filter.") }
        let query = TaskListPages.Query(
            Dictionary(filter.map { (String($0.key.dropFirst("filter.".count)), $0.value) }) { first, _ in first })
        var (items, cursor) = ([Item](), String?.none)
        repeat {
            let page = try await gateway.record.items(
                "tasks", in: try query.scope(caller), filter: query.filter, limit: QueryRequest.maximumLimit,
                cursor: cursor)
            items += page.items
            cursor = page.cursor
        } while cursor != nil && items.count < mostTasks
        return Array(items.prefix(mostTasks))
    }

    private static func item(_ name: String, _ caller: Caller, _ gateway: Gateway) async throws -> Item? {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, let company = CompanyID(parts[0]), let project = ProjectID(parts[1]),
            let task = TaskID(parts[2])
        else { throw Problem.malformed("task: expected COMPANY/PROJECT/TASK") }
        guard caller.sees(company) else { throw Problem.forbidden("the token is of another company") }
        let address = TaskAddress(company: company, project: project, task: task)
        return try await gateway.record.items("tasks", in: .task(address), limit: 1).items.first
    }

    /// Whether a task of a status can do it: the others are left alone.
    static func isPossible(_ action: String, _ status: String) -> Bool {
        guard let status = TaskStatus(rawValue: status) else { return false }
        switch (action, status) {
        case ("pause", .queued), ("pause", .running), ("resume", .paused): return true
        case ("approve", .awaitingApproval), ("reject", .awaitingApproval): return true
        case ("retry", .ended(let end)): return !end.isSuccess
        case ("pause", _), ("resume", _), ("approve", _), ("reject", _), ("retry", _): return false
        default: return !status.isTerminal
        }
    }

    private static func act(on items: [Item], _ request: JSONValue, _ gateway: Gateway) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (number, item) in items.enumerated() {
                if number >= width { try await group.next() }
                group.addTask { try await act(on: item, request, gateway) }
            }
            try await group.waitForAll()
        }
    }

    /// One that has changed meanwhile is left alone.
    private static func act(on item: Item, _ request: JSONValue, _ gateway: Gateway) async throws {
        guard let company = CompanyID(item.text("company_id")), let project = ProjectID(item.text("project_id")),
            let task = TaskID(item.text("task_id"))
        else { return }
        do {
            let address = TaskAddress(company: company, project: project, task: task)
            _ = try await gateway.door.ask(.control, address, request)
        } catch let problem as Problem where problem.status != 503 {}
    }

    /// What was sent, to be sent again.
    private static func fields(_ form: SentForm) -> [HiddenField] {
        form.fields.filter { $0.key != "csrf" }.sorted { $0.key < $1.key }.flatMap { name, values in
            values.map { HiddenField(name, $0) }
        }
    }
}
