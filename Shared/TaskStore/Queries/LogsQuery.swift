import Contracts
import Database
import FoundationEssentials
import Foundations

extension QueryList {
    /// Lines of the services' logs. Companies see those about their tasks, without what only operators need.
    ///
    /// Ids are in the order in which lines were recorded, and so is what can be seen: who has read up to an `id` asks for
    /// what is `after` it and misses nothing.
    static let logs = QueryList(
        what: "logs", scopes: Set(QueryScope.Level.allCases), isOfRecordedTasks: false, columns: columnsOfLine,
        operatorColumns: "\(columnsOfLine), l.replica, l.facts", source: "execution_logs l",
        place: { $0.holds(company: "l.company_id", project: "l.project_id", task: "l.task_id") },
        order: [.integer("l.id")],
        filters: [QueryFilter.service.looking] + filtersOfLine + [QueryFilter.text(in: "l.message")],
        operatorFilters: [QueryFilter.service] + filtersOfLine + [QueryFilter.text(in: "l.message", "l.facts::text")])

    private static let filtersOfLine: [QueryFilter] = [
        .leastLevel, .task, .after, .recorded("since", ">="), .recorded("until", "<"),
    ]

    private static let columnsOfLine: SQL = """
        l.id, l.timestamp, l.level, l.service, l.message, l.company_id, l.project_id, l.task_id,
        l.workflow_id::text as workflow_id
        """
}

extension QueryFilter {
    /// Lines of services, each looked up by itself. There is an index for those of all companies alone.
    fileprivate static let service = QueryFilter(name: "service", form: .words(services)) {
        fields throws(FieldError) in
        try fields.textOrTexts("service", of: services).map { names in
            Set(names).sorted().map { "l.service = \($0)" }
        }
    }

    private static let services = ServiceKind.allCases.map(\.rawValue)

    /// What is at least as grave as a level. The levels stand in the text: there is an index for the grave ones.
    fileprivate static let leastLevel = QueryFilter(name: "level") { fields throws(FieldError) in
        guard let name = try fields.optionalString("level", atMost: 16) else { return nil }
        switch name {
        case "trace": return nil
        case "debug": return ["l.level <> 'trace'"]
        case "info": return ["l.level in ('info', 'notice', 'warning', 'error', 'critical')"]
        case "notice": return ["l.level in ('notice', 'warning', 'error', 'critical')"]
        case "warning": return ["l.level in ('warning', 'error', 'critical')"]
        case "error": return ["l.level in ('error', 'critical')"]
        case "critical": return ["l.level in ('critical')"]
        default:
            throw fields.error("level", "expected one of trace, debug, info, notice, warning, error, critical")
        }
    }

    /// Lines about a task, named as the tool does.
    fileprivate static let task = QueryFilter(name: "task") { fields throws(FieldError) in
        guard let text = try fields.optionalString("task", atMost: 200) else { return nil }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, let company = CompanyID(parts[0]), let project = ProjectID(parts[1]),
            let task = TaskID(parts[2])
        else { throw fields.error("task", "expected COMPANY/PROJECT/TASK") }
        return ["l.company_id = \(company) and l.project_id = \(project) and l.task_id = \(task)"]
    }

    /// Lines behind one.
    fileprivate static let after = QueryFilter(name: "after", form: .count) { fields throws(FieldError) in
        try fields.optionalInt("after", in: 0...Int.max).map { ["l.id > \($0)"] }
    }

    /// Lines that were recorded from a time on, or before it: a moment after what they tell of, as a rule. Both orders
    /// are the same, so that the place in the one leads to the place in the other.
    fileprivate static func recorded(_ name: String, _ comparison: SQL) -> QueryFilter {
        QueryFilter(name: name, form: .time) { fields throws(FieldError) in
            guard let time = try fields.time(name) else { return nil }
            return [
                """
                l.id \(comparison) coalesce((select first.id from execution_logs first where first.recorded_at >= \(time)
                    order by first.recorded_at, first.id limit 1), 9223372036854775807)
                """
            ]
        }
    }
}
