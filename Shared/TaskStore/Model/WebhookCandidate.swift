import Database
import FoundationEssentials

/// A webhook message that is due, before anybody takes it.
struct WebhookCandidate: Sendable, Hashable {
    let id: String
    /// Whose turn it takes: the company.
    let company: String
    let endpoint: Int64
    let dueAt: Date
}

extension WebhookCandidate {
    init(_ row: Row) throws {
        self.init(
            id: try row.get("id"), company: try row.get("company_id"), endpoint: try row.get("endpoint"),
            dueAt: try row.get("run_at"))
    }
}
