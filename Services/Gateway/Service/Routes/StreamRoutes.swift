import Contracts
import Foundations
import TaskStore

/// Streams of events.
enum StreamRoutes {
    static let rows: [Route] = [
        Route(.get, "/api/v1/events", .role(.viewer), .streamEvents) { call, _, gateway in
            try call.refuseFields(otherThan: ["company", "project"])
            try gateway.follower.checkRoom()
            let scope = try call.scope()
            let place = ManyPlace(scope, try await cursor(call, gateway))
            return .stream(EventStream(gateway, call, scope, place))
        }
    ]

    /// Behind the client's last event, else behind all that there are.
    private static func cursor(_ call: Call, _ gateway: Gateway) async throws -> EventCursor {
        guard let text = call.lastEventID else { return try await gateway.record.eventCursor() }
        guard let cursor = EventCursor(text) else { throw Problem.malformed("Last-Event-ID: not of this stream") }
        return cursor
    }

    /// The stream of a task: from its first event on, or behind the client's last.
    static func task(_ call: Call, _ gateway: Gateway) async throws -> Answer {
        try call.refuseFields(otherThan: ["since"])
        try gateway.follower.checkRoom()
        let text = try call.lastEventID ?? call.field("since") ?? "0"
        guard let seq = Int(text), seq >= 0 else { throw Problem.malformed("Last-Event-ID: expected a seq") }
        let address = try call.task()
        guard let found = try await gateway.record.events(of: address, after: seq, limit: 1) else {
            throw Problem.unknownTask
        }
        let place = TaskPlace(address, workflowID: found.workflowID, seq: seq)
        return .stream(EventStream(gateway, call, .task(address), place))
    }
}

extension Call {
    /// What a browser shows that connects again: the id of the last event that it got.
    var lastEventID: String? { headers["last-event-id"].flatMap { $0.isEmpty ? nil : $0 } }
}
