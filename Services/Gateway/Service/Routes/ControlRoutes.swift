import Contracts
import Foundations

/// What is asked of running work.
enum ControlRoutes {
    static let rows: [Route] = [
        Route(.post, RoutePath("\(TaskRoutes.task)/control"), .role(.operator), .controlTask) { call, body, gateway in
            _ = try call.json(body)
            // Who asks is the token's name, whatever the body says.
            let message = ControlMessage(try ControlRequest(decoding: body), actor: call.caller.name)
            return try .json(.object(try await gateway.door.ask(.control, try call.task(), message.json)))
        }
    ]
}
