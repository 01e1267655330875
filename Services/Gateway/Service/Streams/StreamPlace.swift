import Contracts
import Foundations
import TaskStore

/// How far a stream has come: what it sends next, so that a client that comes again with the id of its last event misses
/// none and sees none twice.
protocol StreamPlace: Sendable {
    /// What the record holds behind it, as text of the stream, and whether there is more. Moves behind that.
    mutating func next(from record: any FollowedRecord) async throws -> (text: String, isLast: Bool)
    /// What of a batch is behind it. Moves behind that. `nil` where something is missing between.
    mutating func take(_ batch: EventBatch) -> String?
    /// The id that a client without a new event should know.
    var id: String? { get }
}

/// A place in the events of one task: their `seq` is their id.
struct TaskPlace: StreamPlace {
    private let address: TaskAddress
    private let workflowID: String
    private(set) var seq: Int

    init(_ address: TaskAddress, workflowID: String, seq: Int) {
        self.address = address
        self.workflowID = workflowID
        self.seq = seq
    }

    /// Its events have ids of their own.
    var id: String? { nil }

    mutating func next(from record: any FollowedRecord) async throws -> (text: String, isLast: Bool) {
        let limit = 200
        guard let found = try await record.events(of: address, after: seq, limit: limit) else {
            throw Problem.unknownTask
        }
        var text = ""
        for (seq, event) in found.events {
            text += ServerSentEvent.text(try event.text(), id: "\(seq)")
            self.seq = seq
        }
        return (text, found.events.count < limit)
    }

    mutating func take(_ batch: EventBatch) -> String? {
        var text = ""
        for message in batch.messages where message.workflowID == workflowID && message.seq > seq {
            guard message.seq == seq + 1 else { return nil }
            text += ServerSentEvent.text(message.payload, id: "\(message.seq)")
            seq = message.seq
        }
        return text
    }
}

/// A place in the events of several tasks.
struct ManyPlace: StreamPlace {
    private let scope: QueryScope
    private var cursor: EventCursor

    init(_ scope: QueryScope, _ cursor: EventCursor) {
        self.scope = scope
        self.cursor = cursor
    }

    var id: String? { cursor.text }

    mutating func next(from record: any FollowedRecord) async throws -> (text: String, isLast: Bool) {
        guard let batch = try await record.events(after: cursor, in: scope, limit: 500) else {
            cursor = try await record.eventCursor()
            return (Self.reset(cursor), true)
        }
        // Behind the rest of a batch is what was committed after it.
        let isLast = batch.isWhole && cursor.isBetweenBatches
        return (send(batch), isLast)
    }

    mutating func take(_ batch: EventBatch) -> String? { send(batch) }

    /// What of the batch was not sent yet.
    private mutating func send(_ batch: EventBatch) -> String {
        var text = ""
        var place = cursor
        for message in batch.messages where !cursor.covers(message) {
            place = cursor.behind(message, of: batch)
            text += ServerSentEvent.text(message.payload, id: place.text)
        }
        cursor = batch.isWhole ? cursor.behind(batch) : place
        return text
    }

    /// Tells a client that events are missing behind its cursor: it is to load anew what it shows.
    private static func reset(_ cursor: EventCursor) -> String {
        ServerSentEvent.text("{}", id: cursor.text, name: "reset")
    }
}
