import Contracts
import Database
import FoundationEssentials
import Foundations

/// An access token as the record knows it: who it was given to, and what they may do. The token itself is not kept.
package struct AccessGrant: Sendable, Hashable, Codable {
    package let id: UUID
    /// Whom actions are put down to: unique.
    package let name: String
    package let role: AccessRole
    /// The company that it is for; `nil` for the whole platform.
    package let company: CompanyID?
    package let createdAt: Date

    package init(id: UUID = UUID(), name: String, role: AccessRole, company: CompanyID?, createdAt: Date = Date()) {
        self.id = id
        self.name = name
        self.role = role
        self.company = company
        self.createdAt = createdAt
    }

    static let columns: SQL = "t.id, t.name, t.role, t.company_id, t.created_at"

    init(_ row: Row) throws {
        self.init(
            id: try row.get("id"), name: try row.get("name"), role: try row.get("role"),
            company: try row.get("company_id"), createdAt: try row.get("created_at"))
    }

    private enum CodingKeys: String, CodingKey {
        case id, name, role
        case company = "company_id"
        case createdAt = "created_at"
    }
}
