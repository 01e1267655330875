import Contracts
import FoundationEssentials
import Foundations
import GatewayPages
import TaskStore

/// The projects: what holds for their tasks.
enum ProjectPages {
    private static let path = "/projects"
    private static let usualLimit = 20
    private static let kind = ProjectSpec.kind

    static let rows: [Route] = [
        Route.page(.get, RoutePath(path), .role(.viewer)) { call, _, gateway in
            .page(try await list(call, .project(.init()), gateway), for: call)
        },
        Route.page(.get, "/projects/{company}/{project}", .role(.viewer)) { call, _, gateway in
            let address = try address(call.parameters["company"], call.parameters["project"])
            guard let found = try await find(address, gateway) else { throw Problem.unknownPath }
            return .page(try await page(address, found, gateway), for: call)
        },
        Route.page(.post, RoutePath(Place.projectAction), .role(.operator)) { call, body, gateway in
            try await define(try SentForm(body), call, gateway)
        },
        Route.page(.post, "/actions/projects/{company}/{project}/remove", .role(.operator)) { call, _, gateway in
            let address = try address(call.parameters["company"], call.parameters["project"])
            _ = try await gateway.door.ask(.remove, address, RemoveRequest(kind).json)
            return .seeOther("\(path)?done=removed")
        },
    ]

    private static func address(_ company: String?, _ project: String?) throws(Problem) -> TaskAddress {
        TaskAddress(company: try Call.id(company ?? ""), project: try Call.id(project ?? ""), task: .all)
    }

    private static func find(_ address: TaskAddress, _ gateway: Gateway) async throws -> CatalogueDescription? {
        try await gateway.record.describe(kind, at: try ProjectSpec.place(address), version: nil)
    }

    private static func list(_ call: Call, _ form: Form, _ gateway: Gateway) async throws -> ProjectsPage {
        let isPage = call.method == .get
        let cursor = try isPage ? call.some("cursor") : nil
        let request = QueryRequest(kind, limit: usualLimit, cursor: cursor)
        let found = try await gateway.record.list(request, of: ProjectSpec.self, in: .of(call.caller))
        var rows: [ProjectsPage.Row] = []
        for item in found.items.map({ Item($0) }) { rows.append(try await row(item, gateway)) }
        return ProjectsPage(
            rows: rows,
            pager: Pager(
                Words.count(rows.count, "project"), path: path, filter: [], cursor: cursor, next: found.cursor),
            form: form)
    }

    private static func row(_ item: Item, _ gateway: Gateway) async throws -> ProjectsPage.Row {
        let address = try address(item.text("company_id"), item.text("project_id"))
        let spec = CatalogueForm.values(try await find(address, gateway)?.spec)
        let open = try await gateway.record.items(
            "tasks", in: .project(address.company, address.project),
            filter: ["status": .array(TaskListPages.open.map(JSONValue.string))],
            limit: QueryRequest.maximumLimit
        ).items
        return ProjectsPage.Row(
            company: address.company.text, project: address.project.text, description: spec["description"] ?? "",
            type: spec["type"] ?? "general", status: spec["status"] ?? ProjectSpec.defaultStatus.rawValue,
            repository: spec["repository.remote_url"] ?? "", open: open.count, changed: item.moment("created_at"))
    }

    private static func page(
        _ address: TaskAddress, _ found: CatalogueDescription, _ gateway: Gateway, _ values: [String: String]? = nil,
        error: String? = nil
    ) async throws -> ProjectPage {
        let versions = try await Versions(of: ProjectSpec.self, at: try ProjectSpec.place(address), gateway)
        let spec = CatalogueForm.values(found.spec)
        let (company, project) = (address.company.text, address.project.text)
        let tasks = Place.query(Place.tasks, [("company", company), ("project", project)])
        return ProjectPage(
            company: company, project: project, status: spec["status"] ?? ProjectSpec.defaultStatus.rawValue,
            facts: [
                Fact("Version", "\(found.version)"), Fact("Tasks", Link("all", to: tasks)),
                Fact("Repository", spec["repository.remote_url"] ?? "", isCode: true),
            ], form: .project(.init(values ?? spec), of: (company: company, name: project), error: error),
            versions: versions.rows)
    }

    private static func define(_ form: SentForm, _ call: Call, _ gateway: Gateway) async throws -> Answer {
        let values = form.fields.compactMapValues(\.first)
        do {
            let address = try address(form.text("company"), form.text("project"))
            guard call.caller.sees(address.company) else { throw Problem.forbidden("the token is of another company") }
            let (company, project) = (address.company.text, address.project.text)
            // What the form does not show stays.
            let current = try await find(address, gateway)?.spec
            let spec = try CatalogueForm.spec(
                form, of: .project(.init(), of: (company: company, name: project)), over: current)
            let request = DefineRequest(kind, spec, actor: call.caller.name)
            _ = try await gateway.door.ask(.define, address, request.json)
            return .seeOther(Place.project(company, project) + "?done=saved")
        } catch let problem as Problem where problem.status != 503 && problem.status != 403 {
            // The form once more, with what was written and why it was not taken.
            if let address = try? address(form.text("company"), form.text("project")),
                let found = try await find(address, gateway)
            {
                let page = try await page(address, found, gateway, values, error: problem.detail)
                return .page(page, for: call, 422)
            }
            return .page(
                try await list(call, .project(.init(values), error: problem.detail), gateway), for: call, 422)
        }
    }
}
