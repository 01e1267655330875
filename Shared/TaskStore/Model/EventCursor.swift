import Foundations

/// A place in the events of all tasks, for whoever follows several: which of them were seen. As text it is opaque, and any
/// process goes on from it.
package struct EventCursor: Sendable, Hashable {
    /// Those of a later moment that were seen besides: as far as a message.
    struct Part: Hashable {
        let upTo: EventSnapshot
        let message: Int64
    }

    /// When the snapshot was made, in seconds since 1970: what is too old is not kept any more.
    let time: Int
    /// What the database had committed then was all seen.
    let seen: EventSnapshot
    var part: Part?

    /// `nil` for a text that is no cursor.
    package init?(_ text: String) {
        let fields = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard text.utf8.count <= 8192, fields.count == 2 || fields.count == 4, let time = Int(fields[0]),
            let seen = EventSnapshot(fields[1])
        else { return nil }
        self.init(time: time, seen: seen)
        guard fields.count == 4 else { return }
        guard let upTo = EventSnapshot(fields[2]), let message = Int64(fields[3]) else { return nil }
        part = Part(upTo: upTo, message: message)
    }

    init(time: Int, seen: EventSnapshot, part: Part? = nil) {
        self.time = time
        self.seen = seen
        self.part = part
    }

    package var text: String {
        "\(time)/\(seen.text)" + (part.map { "/\($0.upTo.text)/\($0.message)" } ?? "")
    }

    /// Whether the batch that it is behind was seen as a whole.
    package var isBetweenBatches: Bool { part == nil }

    /// Whether it has seen a message.
    package func covers(_ message: EventMessage) -> Bool {
        if seen.sees(message.transaction) { return true }
        return part.map { $0.upTo.sees(message.transaction) && message.id <= $0.message } ?? false
    }

    /// The place behind a message of a batch, of which it has seen those before it.
    package func behind(_ message: EventMessage, of batch: EventBatch) -> EventCursor {
        EventCursor(time: time, seen: seen, part: Part(upTo: batch.upTo, message: message.id))
    }

    /// The place behind a whole batch.
    package func behind(_ batch: EventBatch) -> EventCursor {
        batch.upTo.isLater(than: seen)
            ? EventCursor(time: batch.time, seen: batch.upTo) : EventCursor(time: time, seen: seen)
    }
}

/// An event as it was published.
package struct EventMessage: Sendable, Hashable {
    let id: Int64
    /// Which wrote it.
    let transaction: Int64
    package let subject: String
    package let seq: Int
    package let workflowID: String
    /// The JSON of the event.
    package let payload: String
}

/// Events that were committed since a moment, those of a task in their order.
package struct EventBatch: Sendable {
    package let messages: [EventMessage]
    /// All that was committed by then is in this batch, or in those before it.
    let upTo: EventSnapshot
    let time: Int
    /// Whether there are no more up to that moment.
    package let isWhole: Bool

    /// The same with some of the messages alone.
    package func filter(_ isIncluded: (EventMessage) -> Bool) -> EventBatch {
        EventBatch(messages: messages.filter(isIncluded), upTo: upTo, time: time, isWhole: isWhole)
    }
}
