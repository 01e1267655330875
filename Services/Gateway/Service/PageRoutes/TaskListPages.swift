import Contracts
import FoundationEssentials
import Foundations
import GatewayPages
import TaskStore

/// The list of tasks as people filter it.
enum TaskListPages {
    static let open = ["queued", "running", "paused", "awaiting_approval"]
    private static let failed = TerminalStatus.allCases.filter { !$0.isSuccess && $0 != .cancelled && $0 != .skipped }
        .map(\.rawValue)
    private static let usualLimit = 50

    static let rows: [Route] = [
        Route.page(.get, RoutePath(Place.tasks), .role(.viewer)) { call, _, gateway in
            .page(try await page(call, gateway), for: call, stream: PageStreams.path(of: call))
        },
        Route.page(.get, "/tasks/new", .role(.operator)) { call, _, gateway in
            .page(NewTaskPage(form: try await form(gateway, call)), for: call)
        },
    ]

    /// What tasks are asked for by: the fields of the page's query.
    struct Query: Sendable {
        var company: String?
        var project: String?
        var statuses: [String]
        var others: [String: String]

        init(_ fields: [String: [String]]) {
            func text(_ name: String) -> String? { fields[name]?.first.flatMap { $0.isEmpty ? nil : $0 } }
            company = text("company")
            project = text("project")
            statuses = (fields["status"] ?? []).flatMap { $0.split(separator: ",").map(String.init) }
            others = Dictionary(
                Query.otherNames.compactMap { name in text(name).map { (name, $0) } }, uniquingKeysWith: { $1 })
        }

        /// Those of the list's own fields that the page has.
        static let otherNames = ["tag", "text"].filter { name in
            QueryOffer.all.first { $0.what == "tasks" }?.filters.contains { $0.name == name } ?? false
        }

        var filter: [String: JSONValue] {
            var filter = others.mapValues { JSONValue.string($0) }
            if !statuses.isEmpty { filter["status"] = .array(statuses.map(JSONValue.string)) }
            return filter
        }

        /// As the query of a page.
        var fields: [(name: String, value: String?)] {
            [("company", company), ("project", project), ("status", statuses.joined(separator: ","))]
                + others.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        }

        func scope(_ caller: Caller) throws(Problem) -> QueryScope {
            guard let company = company.flatMap({ CompanyID($0) }) ?? caller.company else { return .platform }
            guard caller.sees(company) else { throw .forbidden("the token is of another company") }
            return project.flatMap { ProjectID($0) }.map { .project(company, $0) } ?? .company(company)
        }
    }

    static func page(_ call: Call, _ gateway: Gateway) async throws -> TasksPage {
        let query = Query(call.query)
        let cursor = try call.field("cursor")
        let (items, next) = try await gateway.record.items(
            "tasks", in: try query.scope(call.caller), filter: query.filter, limit: usualLimit, cursor: cursor)
        let companies = Set(items.map { $0.text("company_id") } + [query.company].compactMap { $0 }).sorted()
        return TasksPage(
            tabs: tabs(query),
            filter: TaskFilter(
                companies: Choice.list(companies, chosen: query.company, all: "All"),
                statuses: Choice.list(
                    open + TerminalStatus.allCases.map(\.rawValue),
                    chosen: query.statuses.count == 1 ? query.statuses[0] : nil, all: "Any"),
                project: query.project ?? "", tag: query.others["tag"] ?? "", text: query.others["text"] ?? ""),
            filterFields: query.fields.compactMap { field in field.value.map { HiddenField(field.name, $0) } },
            rows: items.map(TaskRow.init),
            pager: Pager(
                Words.count(items.count, "task"), path: Place.tasks, filter: query.fields, cursor: cursor, next: next))
    }

    private static func tabs(_ query: Query) -> [Tab] {
        let choices: [(name: String, statuses: [String])] = [
            ("All", []), ("Open", open), ("Needs approval", ["awaiting_approval"]), ("Failed", failed),
        ]
        return choices.map { name, statuses in
            var other = query
            other.statuses = statuses
            return Tab(
                name, to: Place.query(Place.tasks, other.fields), isCurrent: Set(query.statuses) == Set(statuses))
        }
    }

    /// The form for a task, with the projects that it can go to.
    static func form(
        _ gateway: Gateway, _ call: Call, description: String = "", error: String? = nil
    ) async throws -> TaskForm {
        let usual = gateway.project.map { "\($0.company)/\($0.project)" }
        let known = try await gateway.projects(call.caller)
        let projects = (usual.map { [$0] } ?? []) + known.filter { $0 != usual }
        return TaskForm(
            projects: projects.map { Choice($0, isChosen: $0 == usual) }, description: description, error: error)
    }
}

extension TaskRow {
    /// A task of the list.
    init(_ item: Item) {
        let end = item.date("completed_at") ?? item.now
        self.init(
            name: item.task, title: item.text("title"), status: Badge(status: item.text("status")),
            stage: item.date("completed_at") == nil ? item.stage : nil,
            waits: item.some("waits_for").map(Words.waiting(for:)), cost: Amount.money(item.double("cost_usd")),
            priority: item.int("priority"),
            tags: item.texts("tags").map { Link($0, to: Place.query(Place.tasks, [("tag", $0)])) },
            created: Moment(item.date("created_at") ?? item.now, now: item.now),
            duration: item.date("started_at").map { Amount.duration(end.timeIntervalSince($0)) })
    }
}

extension Gateway {
    /// The projects that a caller sees and that take tasks, by company/project.
    func projects(_ caller: Caller) async throws -> [String] {
        let open = ProjectSpec.Status.allCases.filter(\.takesTasks).map { JSONValue.string($0.rawValue) }
        let request = QueryRequest(ProjectSpec.kind, filter: ["status": .array(open)])
        let scope = caller.company.map(QueryScope.company) ?? .platform
        return try await record.list(request, of: ProjectSpec.self, in: scope).items.map { fields in
            let item = Item(fields)
            return "\(item.text("company_id"))/\(item.text("project_id"))"
        }.sorted()
    }
}
