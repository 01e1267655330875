import Contracts
import Database
import Foundations

/// A query that was found good: what is asked of the database.
///
/// A page costs the same whatever there is: an index holds its order, for each place and filter. Where a filter has none
/// (``QueryFilter/isSearch``), a page looks through the next ``window`` items alone: it may hold fewer than were asked for,
/// even none, and its cursor leads to where it stopped looking.
struct QueryStatement: Sendable {
    let list: QueryList
    let scope: QueryScope
    /// The conditions of the filter, any of which has to hold.
    private let conditions: [SQL]
    /// What the items have to hold besides, which no index tells.
    private let search: SQL?
    /// Where the page begins: behind these values of the list's order.
    private let after: [SQL]?
    /// The items of the page, at most.
    let limit: Int

    /// - Parameter own: The list that is asked; `nil` for that of the request's name.
    init(_ request: QueryRequest, of own: QueryList? = nil, in scope: QueryScope) throws(FieldError) {
        let named = if let own { own } else { try QueryList.named(request.what) }
        list = named.leading(request.filter)
        guard list.scopes.contains(scope.level) else {
            throw FieldError(path: "what", reason: Self.refusal(of: scope, list))
        }
        self.scope = scope
        let fields = try FieldReader(.object(request.filter), path: "filter")
        let filters = scope == .platform ? list.operatorFilters ?? list.filters : list.filters
        try fields.refuseOthers(than: filters.map(\.name))
        conditions = try Self.conditions(filters.filter { !$0.isSearch }, fields)
        let searches = filters.filter(\.isSearch)
        let asked = searches.filter { fields.value($0.name) != nil }
        let alternatives = try Self.conditions(asked, fields).map { one -> SQL in "(\(one))" }
        search = asked.isEmpty ? nil : SQL.list(alternatives, separator: " or ")
        after = try Self.start(list, request.cursor)
        limit = min(request.limit, list.mostItems)
    }

    private static func refusal(of scope: QueryScope, _ list: QueryList) -> String {
        let levels = QueryScope.Level.allCases.filter(list.scopes.contains).map(\.rawValue)
        return "\(list.what) can be asked of a \(levels.joined(separator: ", ")), and not of a \(scope.level.rawValue)"
    }

    private static func conditions(_ filters: [QueryFilter], _ fields: FieldReader) throws(FieldError) -> [SQL] {
        var conditions: [SQL] = ["true"]
        for field in filters {
            guard let own = try field.conditions(fields) else { continue }
            conditions = conditions.flatMap { before in own.map { more -> SQL in "\(before) and \(more)" } }
        }
        return conditions
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
    private static let sizes: [(rows: Int, text: SQL)] = [(11, "11"), (51, "51"), (201, "201")]

    private var size: SQL { Self.sizes.first { $0.rows > limit }?.text ?? "201" }

    /// The names of the columns that hold the values of the order.
    private var keys: [String] { list.order.indices.map { "key_\($0)" } }

    /// The statement that reads the page, and at least one more row if there is one: it tells that there are older items.
    func select(_ place: QueryPlace) -> SQL {
        guard let search else { return rows(place, size) }
        return """
            with looked as materialized (\(rows(place, Self.window, isFound: search)))
            (select *, false as is_end from looked where is_found order by \(descending) limit \(size))
            union all (
                select *, true from looked where (select count(*) from looked) = \(Self.window)
                order by \(ascending) limit 1
            )
            order by is_end, \(descending)
            """
    }

    /// How many items a page looks through for what no index tells.
    static let window: SQL = "500"

    private var descending: SQL { SQL.list(keys.map { "\(identifier: $0) desc" }) }
    private var ascending: SQL { SQL.list(keys.map { "\(identifier: $0)" }) }

    private func rows(_ place: QueryPlace, _ size: SQL, isFound: SQL? = nil) -> SQL {
        let named = zip(list.order, keys).map { key, name -> SQL in "\(key.column) as \(identifier: name)" }
        let rest: SQL = "order by \(descending) limit \(size)"
        let columns = scope == .platform ? list.operatorColumns ?? list.columns : list.columns
        let source = list.counting?(place) ?? list.source
        let found = isFound.map { found -> SQL in ", \(found) as is_found" } ?? SQL()
        let parts = list.parts.flatMap { part in
            conditions.map { condition -> SQL in
                """
                select \(columns), \(SQL.list(named))\(found) from \(source)
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

    /// The page that the rows of ``select(_:)`` make.
    func page(_ rows: [Row]) throws -> QueryPage {
        let found = try rows.filter { try search == nil || !$0.get("is_end", as: Bool.self) }.map(item)
        var page = try QueryPage(Array(found.prefix(limit)), hasMore: found.count > limit)
        if found.count < rows.count, page.cursor == nil { page.cursor = try rows.last.map { try item($0).cursor } }
        return page
    }

    /// An item, and the cursor that leads behind it.
    private func item(_ row: Row) throws -> (item: JSONValue, cursor: String) {
        let values = try keys.map { try row.get($0, as: String.self) }
        let own = Set(keys + (search == nil ? [] : ["is_found", "is_end"]))
        return (.object(try row.members(except: own)), values.joined(separator: "~"))
    }
}
