import Contracts
import Database
import FoundationEssentials
import Foundations

/// A list that `query` reads. A new one is a value like those beside this file, and a row of ``all``.
///
/// An item is a row: its fields are the columns.
struct QueryList: Sendable {
    /// Its name in the contract.
    let what: String
    /// What the subject may name: there has to be an index for each.
    let scopes: Set<QueryScope.Level>
    /// Whether what it holds belongs to recorded tasks: a task that is not recorded has no such list.
    var isOfRecordedTasks = true
    let columns: SQL
    /// The columns where the subject names the platform, if they are others: then operators ask.
    var operatorColumns: SQL?
    var source: SQL = ""
    /// What is read instead, where items are counts of what belongs to what the subject names: a relation.
    var counting: (@Sendable (QueryPlace) -> SQL)?
    /// Which rows belong to what the subject names.
    let place: @Sendable (QueryPlace) -> SQL
    /// Which rows are items. Each condition is looked up by itself, so that what is rare is not searched for among all
    /// the others.
    var parts: [SQL] = ["true"]
    /// By what the items are ordered, the newest first; the last makes it unique.
    let order: [QueryKey]
    let filters: [QueryFilter]
    /// The filters where the subject names the platform, if they are others.
    var operatorFilters: [QueryFilter]?
    /// The most items of a page, where they are large.
    var mostItems = QueryRequest.maximumLimit
    /// What is read in its place where the filter names a field: the same items, by an index that begins with the field.
    var ledBy: [String: QueryList] = [:]

    /// The list to read for a filter.
    func leading(_ filter: [String: JSONValue]) -> QueryList {
        ledBy.first { filter[$0.key] != nil && filter[$0.key] != .null }?.value ?? self
    }
}

extension QueryList {
    /// The table of what can be asked.
    static let all = [
        tasks, children, activities, events, transcript, evidence, discoveries, webhooks, attempts, pushes, deadLetters,
        rejected, queue, replicas, pauses, reports, logs, models, health, system, performance,
    ]

    /// Named by the contract and not built yet.
    static let later = ["resources", "usage", "history"]

    static func named(_ what: String) throws(FieldError) -> QueryList {
        if let list = all.first(where: { $0.what == what }) { return list }
        guard !later.contains(what) else { throw FieldError(path: "what", reason: "\(what) is not built yet") }
        throw FieldError(path: "what", reason: "expected one of \(all.map(\.what).joined(separator: ", "))")
    }
}

/// Where rows belong: what the subject of a query names.
struct QueryPlace: Sendable {
    let scope: QueryScope
    /// Of the task that the scope names, if that is recorded.
    var workflowID: UUID?

    /// The condition on the columns of the ids.
    func holds(company: SQL, project: SQL, task: SQL) -> SQL {
        switch scope {
        case .platform: "true"
        case .company(let id): "\(company) = \(id)"
        case .project(let id, let own): "\(company) = \(id) and \(project) = \(own)"
        case .task(let address):
            "\(company) = \(address.company) and \(project) = \(address.project) and \(task) = \(address.task)"
        }
    }

    /// The condition on the columns of the ids, where a task's rows are known by its workflow.
    func holds(company: SQL, project: SQL, workflow: SQL) -> SQL {
        guard let workflowID else { return holds(company: company, project: project, task: "null") }
        return "\(workflow) = \(workflowID)"
    }
}

/// A column by which a list is ordered.
struct QueryKey: Sendable {
    private enum Kind { case time, uuid, integer, text }

    let column: SQL
    private let kind: Kind

    static func time(_ column: SQL) -> QueryKey { QueryKey(column: column, kind: .time) }
    static func uuid(_ column: SQL) -> QueryKey { QueryKey(column: column, kind: .uuid) }
    static func integer(_ column: SQL) -> QueryKey { QueryKey(column: column, kind: .integer) }
    static func text(_ column: SQL) -> QueryKey { QueryKey(column: column, kind: .text) }

    /// The value that a part of a cursor names, `nil` if it is none of this column.
    func value(_ text: String) -> SQL? {
        switch kind {
        case .time: Date(sqlText: text).map { "\($0)" }
        case .uuid: UUID(uuidString: text).map { "\($0)" }
        case .integer: Int(text).map { "\($0)" }
        case .text: "\(text)::text"
        }
    }
}
