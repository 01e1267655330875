import Contracts
import Database

extension QueryList {
    /// The reports that were kept, in Markdown, with their figures. `company_id` is null for the platform's.
    static let reports = QueryList(
        what: "reports", scopes: [.platform, .company],
        columns: """
            r.id::text as report_id, nullif(r.company_id, '*') as company_id, r.since, r.until, r.markdown, r.figures,
            r.created_by, r.created_at
            """,
        source: "reports r", place: { $0.holds(place: "r.company_id") },
        order: [.time("r.created_at"), .uuid("r.id")],
        filters: [.uuid("report_id", "r.id"), .since("r.created_at"), .until("r.created_at")], mostItems: 10)
}
