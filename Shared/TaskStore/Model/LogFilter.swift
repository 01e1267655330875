import Contracts
import Database
import Foundations

/// Which lines of the services' logs somebody follows: the filters of `query logs` that say what a line is.
package struct LogFilter: Sendable {
    /// Those of the list that a stream takes too.
    package static let names = ["service", "level", "task", "text"]
    /// Every line.
    package static let all = LogFilter()

    /// The gravest last.
    private static let levels = ["trace", "debug", "info", "notice", "warning", "error", "critical"]

    package let scope: QueryScope
    private let services: [String]?
    private let levels: [String]?
    private let task: String?
    private let text: String?
    /// What the database looks up; it is not asked for a text.
    let condition: SQL

    private init() {
        scope = .platform
        (services, levels, task, text) = (nil, nil, nil, nil)
        condition = "true"
    }

    /// - Parameter filter: As in a query.
    package init(_ filter: [String: JSONValue], in scope: QueryScope) throws(FieldError) {
        let fields = try FieldReader(.object(filter), path: "filter")
        try fields.refuseOthers(than: Self.names)
        self.scope = scope
        condition = try Self.condition(fields, in: scope)
        services = try fields.textOrTexts("service")
        levels = try fields.optionalString("level").map { level in Array(Self.levels.drop { $0 != level }) }
        task = try fields.optionalString("task")
        text = try fields.optionalString("text")?.lowercased()
    }

    /// Checks all of it, too.
    private static func condition(_ fields: FieldReader, in scope: QueryScope) throws(FieldError) -> SQL {
        let (list, isOfAll) = (QueryList.logs, scope == .platform)
        var conditions: [SQL] = ["true"]
        for filter in (isOfAll ? list.operatorFilters : nil) ?? list.filters where names.contains(filter.name) {
            guard let own = try filter.conditions(fields), !filter.isSearch else { continue }
            conditions.append("(\(SQL.list(own, separator: " or ")))")
        }
        return SQL.list(conditions, separator: " and ")
    }

    /// Whether a line is among them.
    package func holds(_ line: RecordedLine) -> Bool {
        guard scope == .platform || line.task.map({ scope.contains($0) }) ?? false else { return false }
        if let services, !services.contains(line.service) { return false }
        if let levels, !levels.contains(line.level) { return false }
        if let task, line.task.map({ "\($0.company)/\($0.project)/\($0.task)" }) != task { return false }
        return text.map { line.says($0, in: scope) } ?? true
    }
}
