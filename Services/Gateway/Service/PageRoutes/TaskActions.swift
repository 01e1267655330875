import Contracts
import FoundationEssentials
import Foundations
import GatewayPages

/// What people have tasks do: forms of pages.
enum TaskActions {
    static let rows: [Route] = [
        Route.page(.post, RoutePath(Place.newTask), .role(.operator)) { call, body, gateway in
            try await add(try SentForm(body), call, gateway)
        },
        Route.page(.post, "/actions/tasks/{company}/{project}/{task}", .role(.operator)) { call, body, gateway in
            let form = try SentForm(body)
            let request = try control(form, call.caller)
            _ = try await gateway.door.ask(.control, try call.task(), request)
            return Call.back(form.fields, done: form.text("action") ?? "")
        },
    ]

    /// A form of a task as what `control` takes.
    static func control(_ form: SentForm, _ caller: Caller) throws -> JSONValue {
        var request: [String: JSONValue] = ["actor": .string(caller.name)]
        for name in ["action", "message", "id"] { request[name] = form.text(name).map(JSONValue.string) }
        request["max_cost_usd"] = try form.number("max_cost_usd").map(JSONValue.double)
        request["priority"] = try form.number("priority").map { .int(Int($0)) }
        let json = JSONValue.object(request)
        _ = try ControlRequest(decoding: try json.data())
        return json
    }

    private static func add(_ form: SentForm, _ call: Call, _ gateway: Gateway) async throws -> Answer {
        let text = form.text("description") ?? ""
        do {
            let task = try QuickTask(
                description: text.replacing("\r\n", with: "\n"), title: form.text("title"),
                priority: try form.number("priority").map { Int($0) }, project: form.text("project"))
            let place = try task.place(for: call.caller, else: gateway.project)
            guard call.caller.sees(place.company) else { throw Problem.forbidden("the token is of another company") }
            let address = TaskAddress(
                company: place.company, project: place.project, task: TaskID(validated: UUID.v7().text))
            _ = try await gateway.door.ask(.submit, address, try submission(task, address, form))
            return .seeOther(Place.task(address.company.text, address.project.text, address.task.text) + "?done=added")
        } catch let problem as Problem where problem.status != 503 {
            return try await again(text, problem.detail, call, gateway)
        } catch let error as FieldError {
            return try await again(text, error.description, call, gateway)
        }
    }

    private static func submission(_ task: QuickTask, _ address: TaskAddress, _ form: SentForm) throws -> JSONValue {
        var members = task.submission(address).objectValue ?? [:]
        if let cost = try form.number("max_cost_usd") { members["agent"] = ["max_cost_usd": .double(cost)] }
        if let approval = form.text("approval"), approval != "none" {
            members["delivery"] = ["approval": .string(approval)]
        }
        return .object(members)
    }

    /// The form once more, with what was written and why it was not taken.
    private static func again(
        _ text: String, _ reason: String, _ call: Call, _ gateway: Gateway
    ) async throws -> Answer {
        let form = try await TaskListPages.form(gateway, call, description: text, error: reason)
        return .page(NewTaskPage(form: form), for: call, 422)
    }
}
