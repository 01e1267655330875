import Contracts
import Foundations

/// What is asked of running work.
enum ControlRoutes {
    static let rows: [Route] = [
        Route(.post, RoutePath("\(TaskRoutes.task)/control"), .role(.operator), .controlTask) { call, body, gateway in
            let json = try call.json(body)
            _ = try ControlRequest(decoding: body)
            // Who asks is the token's name, whatever the body says.
            let request = (json.objectValue ?? [:]).merging(["actor": .string(call.caller.name)]) { $1 }
            return try .json(.object(try await gateway.door.ask(.control, try call.task(), .object(request))))
        }
    ]
}
