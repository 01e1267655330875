import Contracts
import FoundationEssentials
import Foundations

/// Tasks: adding them, and what is kept of each.
enum TaskRoutes {
    /// The path of a task, under which its lists are.
    static let task = "/api/v1/tasks/{company}/{project}/{task}"

    static let rows: [Route] = [
        Route(.post, "/api/task", .roleOrThisHost(.operator), .addTask) { call, body, gateway in
            let task = try QuickTask(body, call)
            let place = try task.place(for: call.caller, else: gateway.project)
            let id = try IdempotencyKey(call).map { $0.task(in: place) } ?? TaskID(validated: UUID.v7().text)
            let address = TaskAddress(company: place.company, project: place.project, task: id)
            return try await submit(task.submission(address), address, call, gateway)
        },
        Route(.post, "/api/v1/tasks", .role(.operator), .submitTask) { call, body, gateway in
            let (submission, address) = try Submission.named(body, call)
            return try await submit(submission, address, call, gateway)
        },
        Route(.get, RoutePath(task), .role(.viewer), .showTask) { call, _, gateway in
            try call.refuseFields(otherThan: [])
            guard let snapshot = try await gateway.record.snapshot(try call.task()) else { throw Problem.unknownTask }
            return try .json(try JSONValue(encoding: snapshot))
        },
        Route(.get, RoutePath("\(task)/diff"), .role(.viewer), .showDiff) { call, _, gateway in
            try call.refuseFields(otherThan: ["head", "offset"])
            let request = DiffRequest(
                head: try call.field("head"), offset: try call.integer("offset", in: 0...Int.max) ?? 0)
            return try .json(.object(try await gateway.door.ask(.diff, try call.task(), request.json)))
        },
    ]

    private static func submit(
        _ submission: JSONValue, _ address: TaskAddress, _ call: Call, _ gateway: Gateway
    ) async throws -> Answer {
        guard call.caller.sees(address.company) else { throw Problem.forbidden("the token is of another company") }
        guard submission["dry_run"] ?? .null == .null else {
            throw Problem(422, "invalid_request", "dry_run: is for the bus")
        }
        let reply: [String: JSONValue]
        do {
            reply = try await gateway.door.ask(.submit, address, submission)
        } catch let problem as Problem where problem.code == "conflict" && call.headers[IdempotencyKey.header] != nil {
            throw Problem(422, "conflict", "this Idempotency-Key was used with another task")
        }
        let location = "/api/v1/tasks/\(address.company)/\(address.project)/\(address.task)"
        let fields = reply.merging([
            "company_id": .string(address.company.text), "project_id": .string(address.project.text),
            "task_id": .string(address.task.text), "url": .string(location),
        ]) { $1 }
        return try .json(.object(fields), 201, [("location", location)])
    }
}
