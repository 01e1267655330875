import Contracts
import FoundationEssentials
import Foundations
import GatewayPages
import TaskStore

/// What holds for the platform, and for a company.
enum SettingsPages {
    private static let path = "/settings"
    private static let services = SettingsSpec.workers.map(\.rawValue)

    /// What is defined there: a form each.
    private struct Part: Sendable {
        let action: String
        let kind: any CatalogueSpec.Type
        let form: @Sendable (Form.Values, _ company: String?, _ error: String?) -> Form
    }

    private static let settings = Part(action: Place.settingsAction, kind: SettingsSpec.self) {
        .settings($0, company: $1, services: services, error: $2)
    }
    private static let limits = Part(action: Place.limitsAction, kind: LimitsSpec.self) {
        .limits($0, company: $1, error: $2)
    }

    static let rows: [Route] = [
        Route.page(.get, RoutePath(path), .role(.viewer)) { call, _, gateway in
            let company = try company(try call.some("company"), call.caller)
            return .page(
                try await page(
                    company, call, gateway, settings: try await form(settings, company, gateway),
                    limits: try await form(limits, company, gateway)), for: call)
        },
        defining(settings), defining(limits),
    ]

    private static func defining(_ part: Part) -> Route {
        Route.page(.post, RoutePath(part.action), .role(.admin)) { call, body, gateway in
            try await define(part, try SentForm(body), call, gateway)
        }
    }

    /// The company that is looked at, `nil` for the platform.
    private static func company(_ text: String?, _ caller: Caller) throws(Problem) -> CompanyID? {
        let named = try text.map { text throws(Problem) -> CompanyID in try Call.id(text) }
        let company = named ?? caller.company
        guard caller.sees(company) else { throw .forbidden("the token is of another company") }
        return company
    }

    private static func spec(
        _ kind: any CatalogueSpec.Type, _ company: CompanyID?, _ gateway: Gateway
    ) async throws -> JSONValue? {
        let place = CataloguePlace(company: company ?? .all)
        return try await gateway.record.describe(kind.kind, at: place, version: nil)?.spec
    }

    private static func form(
        _ part: Part, _ company: CompanyID?, _ gateway: Gateway, _ sent: [String: String]? = nil, error: String? = nil
    ) async throws -> Form {
        let own = try await spec(part.kind, company, gateway)
        var fallbacks: [String: String] = [:]
        // A company's settings hold where they say something, its limits in place of all that the platform says.
        if company != nil, own == nil || part.action == settings.action {
            fallbacks = CatalogueForm.values(try await spec(part.kind, nil, gateway))
            // What the platform says of checkpoints is about the platform.
            fallbacks["checkpoint_days"] = "none of its own"
        }
        return part.form(.init(sent ?? CatalogueForm.values(own), fallbacks: fallbacks), company?.text, error)
    }

    private static func page(
        _ company: CompanyID?, _ call: Call, _ gateway: Gateway, settings: Form, limits: Form
    ) async throws -> SettingsPage {
        var companies: Set<String> = Set([company?.text, call.caller.company?.text].compactMap { $0 })
        if call.caller.company == nil {
            let kinds: [any CatalogueSpec.Type] = [SettingsSpec.self, LimitsSpec.self, ProjectSpec.self]
            for kind in kinds {
                let found = try await gateway.record.list(QueryRequest(kind.kind), of: kind, in: .platform)
                companies.formUnion(found.items.map { Item($0).text("company_id") })
            }
            companies.remove("-")
        }
        let place = CataloguePlace(company: company ?? .all)
        let versions =
            try await Versions(of: SettingsSpec.self, at: place, isNamed: true, gateway)
            + Versions(of: LimitsSpec.self, at: place, isNamed: true, gateway)
        let platform = call.caller.company == nil ? [Tab("Platform", to: path, isCurrent: company == nil)] : []
        return SettingsPage(
            tabs: platform
                + companies.sorted().map {
                    Tab($0, to: Place.query(path, [("company", $0)]), isCurrent: $0 == company?.text)
                }, standing: try await standing(of: company, gateway), settings: settings, limits: limits,
            versions: versions.rows)
    }

    private static func standing(of company: CompanyID?, _ gateway: Gateway) async throws -> CompanyStanding? {
        guard let company else { return nil }
        let pause = try await gateway.record.pause(of: company)
        return CompanyStanding(
            company.text, pausedBy: pause?.text("paused_by"), since: pause?.moment("paused_at"),
            status: pause?.text("status"))
    }

    private static func define(
        _ part: Part, _ sent: SentForm, _ call: Call, _ gateway: Gateway
    ) async throws -> Answer {
        guard call.caller.company == nil else {
            throw Problem.forbidden("this needs a token of the whole platform")
        }
        let company = try company(sent.text("company"), call.caller)
        do {
            let shown = part.form(.init(), company?.text, nil)
            let spec = try CatalogueForm.spec(sent, of: shown, over: try await spec(part.kind, company, gateway))
            let address = CataloguePlace(company: company ?? .all).address
            let request = DefineRequest(part.kind.kind, spec, actor: call.caller.name)
            _ = try await gateway.door.ask(.define, address, request.json)
            return .seeOther(Place.query(path, [("company", company?.text), ("done", "saved")]))
        } catch let problem as Problem where problem.status != 503 {
            // The form once more, with what was written and why it was not taken.
            let again = try await form(
                part, company, gateway, sent.fields.compactMapValues(\.first), error: problem.detail)
            let isSettings = part.action == settings.action
            let other = try await form(isSettings ? limits : settings, company, gateway)
            return .page(
                try await page(
                    company, call, gateway,
                    settings: isSettings ? again : other, limits: isSettings ? other : again), for: call, 422)
        }
    }
}
