import FoundationEssentials
import Foundations

/// What a client wants to read of a task, on the subject `…query`: a page of items, the newest first.
///
/// The answer is `{"ok": true, "items": […], "cursor": "…" | null}`. A cursor leads to the next page, with the same
/// `what` and `filter`; on the last page it is null. A page may be shorter than asked for: it also has to fit into a
/// message.
package struct QueryRequest: Sendable, Hashable {
    /// What can be read.
    package enum What: String, Sendable, CaseIterable {
        /// The events of a task as they were published, for a subscriber that came late: `filter.since` leaves out those
        /// with a `seq` up to it.
        case events

        /// Named by the contract and not built yet.
        static let later = [
            "tasks", "children", "activities", "transcript", "evidence", "discoveries", "webhooks", "attempts",
            "pushes",
            "dead_letters", "rejected", "reports", "logs", "replicas", "queue", "models", "resources", "usage",
            "performance", "history", "system", "health",
        ]
    }

    /// The most items of a page.
    package static let maximumLimit = 200

    package var what: What
    /// Events up to this `seq` are left out.
    package var since: Int
    package var limit: Int
    /// Where the page begins: right below this `seq`; `nil` at the newest event.
    package var before: Int?

    package init(_ what: What, since: Int = 0, limit: Int = maximumLimit, before: Int? = nil) {
        self.what = what
        self.since = since
        self.limit = limit
        self.before = before
    }

    package init(decoding body: Data) throws(FieldError) {
        let json = try JSONValue(message: body)
        let fields = try FieldReader(json)
        if let name = json["what"]?.stringValue, What.later.contains(name) {
            throw fields.error("what", "\(name) is not built yet")
        }
        guard let what = try fields.optionalCase("what", of: What.self) else { throw fields.error("what", "missing") }
        // A filter that is passed over would show more than was asked for.
        let filters = json["filter"]?.objectValue ?? [:]
        if filters.contains(where: { $0.key != "since" }) { throw fields.error("filter", "can hold since alone") }
        let since = try fields.object("filter").optionalInt("since", in: 0...Int.max) ?? 0
        let limit = try fields.optionalInt("limit", in: 1...Self.maximumLimit) ?? Self.maximumLimit
        let cursor = try fields.optionalString("cursor", atMost: 64)
        self.init(what, since: since, limit: limit, before: cursor.flatMap { Int($0) })
        if cursor != nil, before == nil { throw fields.error("cursor", "is not of an answer") }
    }

    package var json: JSONValue {
        [
            "what": .string(what.rawValue), "filter": ["since": .int(since)], "limit": .int(limit),
            "cursor": before.map { .string("\($0)") } ?? .null,
        ]
    }
}

/// A page of items: the answer to a ``QueryRequest``.
package struct QueryPage: Sendable, Hashable {
    package var items: [JSONValue]
    /// Leads to the next page; `nil` on the last.
    package var cursor: String?

    package init(items: [JSONValue], cursor: String?) {
        self.items = items
        self.cursor = cursor
    }

    /// The page that `events`, the newest first, make: as many as fit into `bytes`, one at least.
    ///
    /// - Parameter hasMore: Whether older ones follow them.
    package init(_ events: [Event], hasMore: Bool, atMost bytes: Int = 512 << 10) throws {
        var (items, size, last) = ([JSONValue](), 0, 0)
        for event in events {
            let item = try JSONValue(encoding: event)
            size += try item.data().count
            guard items.isEmpty || size <= bytes else { break }
            items.append(item)
            last = event.seq
        }
        self.init(items: items, cursor: hasMore || items.count < events.count ? "\(last)" : nil)
    }

    /// Reads the fields of an answer.
    package init(_ fields: [String: JSONValue]) {
        self.init(items: fields["items"]?.arrayValue ?? [], cursor: fields["cursor"]?.stringValue)
    }

    /// The fields of the answer.
    package var fields: [String: JSONValue] { ["items": .array(items), "cursor": .optional(cursor)] }
}
