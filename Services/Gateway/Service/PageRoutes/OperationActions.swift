import Contracts
import FoundationEssentials
import Foundations
import GatewayPages

/// What people ask of the platform, of a company and of replicas: forms of pages.
enum OperationActions {
    static let rows: [Route] = [
        Route.page(.post, RoutePath(Place.platformActions), .role(.operator)) { call, body, gateway in
            try await ask(try SentForm(body), .all, call, gateway)
        },
        Route.page(.post, "/actions/companies/{company}", .role(.operator)) { call, body, gateway in
            try await ask(try SentForm(body), try call.company() ?? .all, call, gateway)
        },
        Route.page(.post, "/actions/replicas/{name}", .role(.operator)) { call, body, gateway in
            try await ask(try SentForm(body), .all, replica: try replica(call), call, gateway)
        },
        Route.page(.post, RoutePath(Place.newReport), .role(.operator)) { call, body, gateway in
            let form = try SentForm(body)
            let named = try form.text("company").map { text throws(Problem) -> CompanyID in try Call.id(text) }
            let company = named ?? call.caller.company ?? .all
            let answer = try await OperationRoutes.ask(OperationRequest(.report), company, call, gateway)
            guard let id = answer["report_id"]?.stringValue else { return .seeOther("/reports?done=asked") }
            return .seeOther(Place.report(id))
        },
    ]

    private static func replica(_ call: Call) throws(Problem) -> String {
        let name: TaskID = try Call.id(call.parameters["name"] ?? "")
        return name.text
    }

    private static func ask(
        _ form: SentForm, _ company: CompanyID, replica: String? = nil, _ call: Call, _ gateway: Gateway
    ) async throws -> Answer {
        try OperationRoutes.check(call, company)
        guard let action = form.text("action").flatMap(OperationRequest.Action.init(rawValue:)) else {
            throw Problem.malformed("action: there is no such action")
        }
        _ = try await OperationRoutes.ask(OperationRequest(action, replica: replica), company, call, gateway)
        return Call.back(form.fields, done: "asked")
    }
}
