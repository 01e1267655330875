import Contracts
import Foundations
import ServiceKit

/// `/openapi.json` (OpenAPI 3.1): made of the routes, so that it can say nothing else than what they do.
enum OpenAPIDocument {
    static func json(_ routes: [Route]) -> JSONValue {
        var paths: [String: JSONValue] = [:]
        for route in routes {
            guard let operation = route.operation else { continue }
            var members = paths[route.path.text]?.objectValue ?? [:]
            members[route.method.rawValue.lowercased()] = json(operation, route)
            paths[route.path.text] = .object(members)
        }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "Automata", "version": .string(ServiceProcess.version),
                "description": "Tasks for coding agents: the same words as on the bus, over HTTP.",
                "license": ["name": "Apache 2.0", "identifier": "Apache-2.0"],
            ],
            "paths": .object(paths),
            "components": [
                "securitySchemes": [
                    "token": ["type": "http", "scheme": "bearer", "description": "Made by `automata tokens create`."]
                ],
                "schemas": .object(schemas.mapValues(\.json)),
            ],
        ]
    }

    private static let schemas = [
        "Problem": Schema.object(
            [
                "type": .text, "title": .text, "status": .integer(400...599), "code": .text, "detail": .text,
            ], required: ["type", "title", "status", "code", "detail"]),
        "Page": Schema.object(["items": .list(.object), "cursor": .orNull(.text)], required: ["items", "cursor"]),
    ]

    private static func json(_ operation: Operation, _ route: Route) -> JSONValue {
        let parameters =
            route.path.parameters.map { parameter(Parameter($0, .identifier), in: "path") }
            + operation.query.map { parameter($0, in: "query") } + operation.headers.map { parameter($0, in: "header") }
        var members: [String: JSONValue] = [
            "operationId": .string(operation.id), "summary": .string(operation.summary),
            "description": .string("Least role: \(route.rule.name)."), "parameters": .array(parameters),
            "responses": .object(responses(operation, route)),
            "security": route.rule == .anybody ? .array([]) : [["token": .array([])]],
        ]
        if let body = operation.body {
            members["requestBody"] = ["required": true, "content": .object(body.mapValues { ["schema": $0.json] })]
        }
        return .object(members)
    }

    private static func parameter(_ parameter: Parameter, in place: String) -> JSONValue {
        [
            "name": .string(parameter.name), "in": .string(place), "required": .bool(place == "path"),
            "schema": parameter.schema.json,
        ]
    }

    /// What every route may be refused by, and what only some may.
    private static func responses(_ operation: Operation, _ route: Route) -> [String: JSONValue] {
        var statuses = [400, 403, 421, 500, 503]
        if route.rule != .anybody { statuses.append(401) }
        if !route.path.parameters.isEmpty { statuses.append(404) }
        if operation.body != nil { statuses += [404, 409, 413, 415, 422, 429] }
        if !operation.query.isEmpty { statuses.append(422) }
        if case .schema = operation.success { statuses.append(404) }
        // The front door is asked for it.
        if route.path.text.hasSuffix("/diff") || route.method == .delete { statuses += [409, 422] }
        let problem: JSONValue = [Problem.mediaType: ["schema": Schema.reference("Problem").json]]
        var responses: [String: JSONValue] = [:]
        for status in statuses {
            responses["\(status)"] = ["description": .string(Problem.titles[status] ?? ""), "content": problem]
        }
        let (status, answer) = answered(operation.success)
        responses[status] = answer
        return responses
    }

    private static func answered(_ success: Operation.Success) -> (String, JSONValue) {
        func content(_ types: [String: Schema]) -> JSONValue { .object(types.mapValues { ["schema": $0.json] }) }
        let page = Schema.reference("Page")
        switch success {
        case .object: return ("200", ["description": "OK", "content": content([MediaType.json: .object])])
        case .schema(let schema): return ("200", ["description": "OK", "content": content([MediaType.json: schema])])
        case .text: return ("200", ["description": "OK", "content": content([MediaType.text: .text])])
        case .page: return ("200", ["description": "A page.", "content": content([MediaType.json: page])])
        case .stream: return ("200", ["description": "A stream.", "content": content([MediaType.events: .text])])
        case .pageOrStream:
            let both = content([MediaType.json: page, MediaType.events: .text])
            return ("200", ["description": "A page, or a stream.", "content": both])
        case .created(let schema):
            let location: JSONValue = ["schema": Schema.text.json, "description": "The address of the task."]
            return (
                "201",
                [
                    "description": "Recorded.", "headers": ["Location": location],
                    "content": content([MediaType.json: schema]),
                ]
            )
        }
    }
}
