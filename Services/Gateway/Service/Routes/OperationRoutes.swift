import Contracts
import FoundationEssentials
import Foundations

/// What is asked of the platform and its replicas, or of a company.
enum OperationRoutes {
    static let rows: [Route] = [
        Route(.post, "/api/v1/control", .role(.operator), .controlPlatform) { call, body, gateway in
            try check(call, .all)
            return try .json(.object(try await ask(try request(call, body), .all, call, gateway)))
        },
        Route(.post, "/api/v1/companies/{company}/control", .role(.operator), .controlCompany) { call, body, gateway in
            let company = try call.company() ?? .all
            return try .json(.object(try await ask(try request(call, body), company, call, gateway)))
        },
    ]

    private static func request(_ call: Call, _ body: Data) throws -> OperationRequest {
        _ = try call.json(body)
        return try OperationRequest(decoding: body)
    }

    /// Throws a ``Problem`` where the caller's token is not of all that is asked for.
    static func check(_ call: Call, _ company: CompanyID) throws(Problem) {
        guard !call.caller.sees(company) else { return }
        let wanted = company.standsForAll ? "the whole platform" : "the company"
        throw .forbidden("this needs a token of \(wanted)")
    }

    /// Asks it as the caller.
    static func ask(
        _ request: OperationRequest, _ company: CompanyID, _ call: Call, _ gateway: Gateway
    ) async throws -> [String: JSONValue] {
        try check(call, company)
        var request = request
        request.actor = call.caller.name
        let address = TaskAddress(company: company, project: .all, task: .all)
        return try await gateway.door.ask(.control, address, request.json)
    }
}

extension Operation {
    fileprivate static let controlPlatform = Operation(
        "control_platform", "Asks something of the whole platform, or of a replica.",
        body: [
            MediaType.json: .object(
                ["action": .words(OperationRequest.Action.allCases.map(\.rawValue)), "replica": .identifier],
                required: ["action"])
        ], success: standing)

    fileprivate static let controlCompany = Operation(
        "control_company", "Asks something of all tasks of a company.",
        body: [
            MediaType.json: .object(
                ["action": .words(OperationRequest.Action.allCases.map(\.rawValue))], required: ["action"])
        ], success: standing)

    private static let standing = Success.schema(
        .object(["status": .text, "pause_id": .text, "report_id": .text], required: ["status"]))
}
