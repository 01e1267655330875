import Contracts
import Database
import Foundations

/// How many tasks of a company run at a time, in all replicas together. A task runs while a replica holds its lease.
package struct CompanyLimit: Sendable, Hashable, Codable {
    /// Stands for every company without a limit of its own.
    package static let everyOther = "*"

    /// The company's id, or ``everyOther``.
    package let company: String
    /// At least 1.
    package let maxRunning: Int

    package init(company: String, maxRunning: Int) {
        self.company = company
        self.maxRunning = maxRunning
    }

    /// Where the limits of the company stand.
    var place: CataloguePlace { Self.place(of: company) }

    static func place(of company: String) -> CataloguePlace {
        CataloguePlace(company: company == everyOther ? .all : CompanyID(validated: company))
    }

    private enum CodingKeys: String, CodingKey {
        case company = "company_id"
        case maxRunning = "max_running"
    }
}
