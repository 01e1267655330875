import Contracts
import Database

extension QueryList {
    /// When a company or the platform rested, who asked for it and who had it go on. `company_id` is null for the platform.
    static let pauses = QueryList(
        what: "pauses", scopes: [.platform, .company],
        columns: """
            p.id::text as pause_id, nullif(p.company_id, '*') as company_id,
            case when p.standing = 'going' then 'resumed' else p.standing end as status, p.paused_by, p.paused_at,
            p.report_id::text as report_id, p.reached_at, p.resumed_by, p.resumed_at
            """,
        source: "pauses p", place: { $0.holds(place: "p.company_id") },
        order: [.time("p.paused_at"), .uuid("p.id")],
        filters: [.since("p.paused_at"), .until("p.paused_at")])
}

extension QueryPlace {
    /// The condition on a column that names a company, or `*` for the platform.
    func holds(place: SQL) -> SQL { holds(company: place, project: "null", task: "null") }
}
