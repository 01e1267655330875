import Contracts
import FoundationEssentials
import Foundations
import GatewayPages
import TaskStore

/// The branches that were pushed of late, and whether repositories are pushed to without being asked.
enum PushViews {
    private static let shown = 10
    /// How many pushes are counted by their repository.
    private static let counted = 50
    private static let mostRepositories = 12

    static func table(_ caller: Caller, _ gateway: Gateway) async throws -> PushTable {
        let items = try await gateway.record.items("pushes", in: .of(caller), limit: counted).items
        return PushTable(
            rows: items.prefix(shown).map { item in
                .init(
                    repository: item.text("remote_url"), branch: item.text("branch_name"),
                    commit: String(item.text("commit_hash").prefix(12)), task: item.task,
                    at: item.moment("timestamp") ?? Moment(item.now, now: item.now))
            },
            repositories: try await gateway.counts.value("repositories of \(caller.company?.text ?? "all")") {
                try await repositories(items, caller, gateway)
            })
    }

    /// The repositories of the projects that were defined last, and those that were pushed to besides.
    private static func repositories(
        _ pushes: [Item], _ caller: Caller, _ gateway: Gateway
    ) async throws -> [PushTable.Repository] {
        let scope = QueryScope.of(caller)
        let request = QueryRequest(ProjectSpec.kind, limit: shown)
        let projects = try await gateway.record.list(request, of: ProjectSpec.self, in: scope).items
        var settings = PushSettings(gateway)
        var (found, seen): ([PushTable.Repository], Set<String>) = ([], [])
        for item in projects.map({ Item($0) }) + pushes where found.count < mostRepositories {
            let project = "\(item.text("company_id"))/\(item.text("project_id"))"
            let pushed = item.some("remote_url")
            guard seen.insert("\(project) \(pushed ?? "")").inserted, let place = CataloguePlace(item) else { continue }
            let spec = try await settings.project(place)
            guard let remote = pushed ?? spec?["repository"]?["remote_url"]?.stringValue else { continue }
            seen.insert("\(project) \(remote)")
            let own = pushes.filter { $0.text("remote_url") == remote }
            let last = own.first?.moment("timestamp").map { ", the last \($0.text)" } ?? ""
            found.append(
                PushTable.Repository(
                    name: remote, push: Self.badge(try await settings.push(place, spec)),
                    detail: "\(project), \(Words.count(own.count, "recent push", "recent pushes"))\(last)"))
        }
        return found
    }

    private static func badge(_ push: Bool?) -> Badge {
        switch push {
        case true?: Badge("Auto-push on", .good)
        case false?: Badge("Auto-push off", .quiet)
        // Neither project nor settings say it: the planner's environment does.
        case nil: Badge("Auto-push as GIT_AUTO_PUSH says", .quiet)
        }
    }
}

/// Whether what passed validation is pushed where a task does not say: by the project, its company and the platform.
private struct PushSettings {
    private let gateway: Gateway
    private var known: [CataloguePlace: JSONValue?] = [:]

    init(_ gateway: Gateway) { self.gateway = gateway }

    /// What is defined of a project; `nil` where nothing is.
    mutating func project(_ place: CataloguePlace) async throws -> JSONValue? {
        try await spec(ProjectSpec.kind, place)
    }

    /// `nil` where none of them says it.
    mutating func push(_ place: CataloguePlace, _ project: JSONValue?) async throws -> Bool? {
        if let push = project?["delivery"]?["push"]?.boolValue { return push }
        for company in [place.address.company, .all] {
            let settings = try await spec(SettingsSpec.kind, CataloguePlace(company: company))
            if let push = settings?["push"]?.boolValue { return push }
        }
        return nil
    }

    private mutating func spec(_ kind: String, _ place: CataloguePlace) async throws -> JSONValue? {
        if let spec = known[place] { return spec }
        let spec = try await gateway.record.describe(kind, at: place, version: nil)?.spec
        known.updateValue(spec, forKey: place)
        return spec
    }
}

extension CataloguePlace {
    /// The place of an item's project.
    fileprivate init?(_ item: Item) {
        guard let company = CompanyID(item.text("company_id")), let project = ProjectID(item.text("project_id")),
            !company.standsForAll, !project.standsForAll
        else { return nil }
        self.init(TaskAddress(company: company, project: project, task: .all))
    }
}
