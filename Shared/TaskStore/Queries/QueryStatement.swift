import Contracts
import Database
import Foundations

/// A query that was found good: what is asked of the database.
struct QueryStatement: Sendable {
    let list: QueryList
    let scope: QueryScope
    /// The conditions of the filter, any of which has to hold.
    private let conditions: [SQL]
    /// What items have to hold in one of the list's searched fields, in lower case.
    private let text: String?
    /// Where the page begins: behind these values of the list's order.
    private let after: [SQL]?
    /// The items of the page, at most.
    let limit: Int
    /// How many rows are looked at for it.
    let mostLookedAt: Int

    init(_ request: QueryRequest, in scope: QueryScope) throws(FieldError) {
        list = try QueryList.named(request.what)
        guard list.scopes.contains(scope.level) else {
            throw FieldError(path: "what", reason: Self.refusal(of: scope, list))
        }
        self.scope = scope
        conditions = try Self.conditions(list, request.filter)
        text = try Self.text(list, request.filter)
        after = try Self.start(list, request.cursor)
        limit = min(request.limit, list.mostItems)
        mostLookedAt = text == nil ? limit : Self.mostSearched
    }

    private static func refusal(of scope: QueryScope, _ list: QueryList) -> String {
        let levels = QueryScope.Level.allCases.filter(list.scopes.contains).map(\.rawValue)
        return "\(list.what) can be asked of a \(levels.joined(separator: ", ")), and not of a \(scope.level.rawValue)"
    }

    /// A filter that is passed over would show more than was asked for.
    private static func conditions(_ list: QueryList, _ filter: [String: JSONValue]) throws(FieldError) -> [SQL] {
        let fields = try FieldReader(.object(filter), path: "filter")
        try fields.refuseOthers(than: list.filters.map(\.name) + (list.searched.isEmpty ? [] : ["text"]))
        var conditions: [SQL] = ["true"]
        for field in list.filters {
            guard let own = try field.conditions(fields) else { continue }
            conditions = conditions.flatMap { before in own.map { more -> SQL in "\(before) and \(more)" } }
        }
        return conditions
    }

    private static func text(_ list: QueryList, _ filter: [String: JSONValue]) throws(FieldError) -> String? {
        guard !list.searched.isEmpty else { return nil }
        return try FieldReader(.object(filter), path: "filter").optionalString("text", atMost: 200)?.lowercased()
    }

    private static func start(_ list: QueryList, _ cursor: String?) throws(FieldError) -> [SQL]? {
        guard let cursor else { return nil }
        let parts = cursor.split(
            separator: "~", maxSplits: list.order.count - 1, omittingEmptySubsequences: false)
        let values = zip(list.order, parts).compactMap { key, part in key.value(String(part)) }
        guard values.count == list.order.count else { throw FieldError(path: "cursor", reason: "is not of an answer") }
        return values
    }

    /// How many rows are read. One of a few numbers that stand in the text: a plan that is made for any number is made for
    /// a tenth of the table.
    private static let sizes: [(rows: Int, text: SQL)] = [(11, "11"), (51, "51"), (201, "201"), (1001, "1001")]

    private var size: SQL { Self.sizes.first { $0.rows > mostLookedAt }?.text ?? "1001" }

    /// How many items are searched for a page, which may hold none of them then and lead on all the same: no search takes
    /// longer because much was recorded.
    private static let mostSearched = 1000

    /// The names of the columns that hold the values of the order.
    private var keys: [String] { list.order.indices.map { "key_\($0)" } }

    /// The statement that reads the page, and at least one more row if there is one: it tells that there are older items.
    func select(_ place: QueryPlace) -> SQL {
        let named = zip(list.order, keys).map { key, name -> SQL in "\(key.column) as \(identifier: name)" }
        let descending = keys.map { name -> SQL in "\(identifier: name) desc" }
        let rest: SQL = "order by \(SQL.list(descending)) limit \(size)"
        let columns = scope == .platform ? list.operatorColumns ?? list.columns : list.columns
        let parts = list.parts.flatMap { part in
            conditions.map { condition -> SQL in
                """
                select \(columns), \(SQL.list(named)) from \(list.source)
                where \(list.place(place)) and \(part) and \(condition)\(beginning) \(rest)
                """
            }
        }
        guard parts.count > 1 else { return SQL.list(parts) }
        let all = SQL.list(parts.map { "(\($0))" }, separator: " union all ")
        return "select * from (\(all)) items \(rest)"
    }

    private var beginning: SQL {
        guard let after else { return SQL() }
        return " and (\(SQL.list(list.order.map(\.column)))) < (\(SQL.list(after)))"
    }

    /// Whether the text that is searched for is in an item.
    func holds(_ item: JSONValue) -> Bool {
        guard let text else { return true }
        return list.searched.contains { field in
            guard let value = item[field] else { return false }
            let own = value.stringValue ?? (try? value.text()) ?? ""
            return own.lowercased().contains(text)
        }
    }

    /// An item, and the cursor that leads behind it.
    func item(_ row: Row) throws -> (item: JSONValue, cursor: String) {
        let values = try keys.map { try row.get($0, as: String.self) }
        return (.object(try row.members(except: Set(keys))), values.joined(separator: "~"))
    }
}
