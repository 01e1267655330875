import FoundationEssentials
import Foundations

/// What a client wants to read, on the subject `…query`: a page of items, the newest first. The subject bounds what is
/// seen, see ``QueryScope``.
///
/// The answer is `{"ok": true, "items": […], "cursor": "…" | null}`. A cursor leads to the next page, with the same
/// `what` and `filter`; on the last page it is null. A page may be shorter than asked for: it also has to fit into a
/// message.
package struct QueryRequest: Sendable, Hashable {
    /// The most items of a page.
    package static let maximumLimit = 200

    /// Which list, for example `tasks`: the record has a table of them.
    package var what: String
    /// What the items have in common, by their fields. Which ones a list can be asked by is the list's.
    package var filter: [String: JSONValue]
    package var limit: Int
    /// Where the page begins: the cursor of the page before; `nil` at the newest item.
    package var cursor: String?

    package init(
        _ what: String, filter: [String: JSONValue] = [:], limit: Int = maximumLimit, cursor: String? = nil
    ) {
        self.what = what
        self.filter = filter
        self.limit = limit
        self.cursor = cursor
    }

    package init(decoding body: Data) throws(FieldError) {
        let fields = try FieldReader(try JSONValue(message: body))
        self.init(try fields.string("what", atMost: 64))
        try readPage(fields)
    }

    /// Reads which items are wanted.
    mutating func readPage(_ fields: FieldReader) throws(FieldError) {
        filter = try fields.optionalObject("filter") ?? [:]
        limit = try fields.optionalInt("limit", in: 1...Self.maximumLimit) ?? Self.maximumLimit
        cursor = try fields.optionalString("cursor", atMost: 512)
    }

    package var json: JSONValue {
        ["what": .string(what), "filter": .object(filter), "limit": .int(limit), "cursor": .optional(cursor)]
    }
}

/// What the subject of a query bounds it to: `-` in the place of a task, project or company stands for all of the one
/// before.
package enum QueryScope: Sendable, Hashable {
    case platform
    case company(CompanyID)
    case project(CompanyID, ProjectID)
    case task(TaskAddress)

    /// How much a scope takes in.
    package enum Level: String, Sendable, CaseIterable {
        case platform, company, project, task
    }

    /// The scope that an address names, `nil` if an id stands behind a `-`.
    package init?(_ address: TaskAddress) {
        switch (address.company.standsForAll, address.project.standsForAll, address.task.standsForAll) {
        case (false, false, false): self = .task(address)
        case (false, false, true): self = .project(address.company, address.project)
        case (false, true, true): self = .company(address.company)
        case (true, true, true): self = .platform
        default: return nil
        }
    }

    package var level: Level {
        switch self {
        case .platform: .platform
        case .company: .company
        case .project: .project
        case .task: .task
        }
    }

    /// The ids of the subject.
    package var address: TaskAddress {
        switch self {
        case .platform: TaskAddress(company: .all, project: .all, task: .all)
        case .company(let company): TaskAddress(company: company, project: .all, task: .all)
        case .project(let company, let project): TaskAddress(company: company, project: project, task: .all)
        case .task(let address): address
        }
    }

    /// Whether a task is among what it names.
    package func contains(_ address: TaskAddress) -> Bool {
        switch self {
        case .platform: true
        case .company(let company): address.company == company
        case .project(let company, let project): address.company == company && address.project == project
        case .task(let task): address == task
        }
    }
}

/// A page of items: the answer to a ``QueryRequest``.
package struct QueryPage: Sendable, Hashable {
    /// The most bytes of a page, so that it fits into a message.
    package static let maximumBytes = 512 << 10

    package var items: [JSONValue]
    /// Leads to the next page; `nil` on the last.
    package var cursor: String?

    package init(items: [JSONValue], cursor: String?) {
        self.items = items
        self.cursor = cursor
    }

    /// The page that `rows`, the newest first, make: as many as fit into `bytes`, one at least. An item that is larger
    /// than a page is cut and says so.
    ///
    /// - Parameters:
    ///   - rows: Each with the cursor that leads behind it.
    ///   - hasMore: Whether older ones follow them.
    package init(
        _ rows: [(item: JSONValue, cursor: String)], hasMore: Bool, atMost bytes: Int = maximumBytes
    ) throws {
        var (items, size, last) = ([JSONValue](), 0, String?.none)
        for row in rows {
            let item = row.item.fitting(Self.maximumBytes)
            size += try item.data().count
            guard items.isEmpty || size <= bytes else { break }
            items.append(item)
            last = row.cursor
        }
        self.init(items: items, cursor: hasMore || items.count < rows.count ? last : nil)
    }

    /// Reads the fields of an answer.
    package init(_ fields: [String: JSONValue]) {
        self.init(items: fields["items"]?.arrayValue ?? [], cursor: fields["cursor"]?.stringValue)
    }

    /// The fields of the answer.
    package var fields: [String: JSONValue] { ["items": .array(items), "cursor": .optional(cursor)] }
}
