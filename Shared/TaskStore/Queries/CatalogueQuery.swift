import Contracts
import Database

extension QueryList {
    /// The objects of a kind that are in force, those that were defined last first.
    static func objects(of kind: any CatalogueSpec.Type) -> QueryList {
        QueryList(
            what: kind.kind, scopes: [.platform, .company, .project], isOfRecordedTasks: false,
            columns: """
                coalesce(nullif(c.object_id, '-'), nullif(c.project_id, '-'), c.company_id) as name, c.version,
                c.company_id, c.project_id, c.created_at
                """,
            source: "catalogue c",
            place: { $0.holds(company: "c.company_id", project: "c.project_id", task: "c.object_id") },
            parts: ["c.kind = \(kind.kind) and c.is_current"],
            order: [.time("c.created_at"), .text("c.company_id"), .text("c.project_id"), .text("c.object_id")],
            filters: kind.filters.sorted { $0.key < $1.key }.map { .text($0.key, of: "c.spec", otherwise: $0.value) })
    }
}

extension QueryFilter {
    /// Items whose member of a column of JSON is one of the texts that the field names, alone or in a list.
    static func text(_ name: String, of column: SQL, otherwise fallback: String) -> QueryFilter {
        QueryFilter(name: name) { fields throws(FieldError) in
            try fields.textOrTexts(name).map {
                ["coalesce(\(column) ->> \(name)::text, \(fallback)::text) = any (\($0))"]
            }
        }
    }
}
