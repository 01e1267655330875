import Contracts
import Database
import FoundationEssentials
import Foundations

/// What can be paused as a whole.
package enum PausePlace: Sendable, Hashable {
    case platform
    case company(CompanyID)

    /// The place that a subject names; `nil` for a project or a task.
    package init?(_ scope: QueryScope) {
        switch scope {
        case .platform: self = .platform
        case .company(let id): self = .company(id)
        case .project, .task: return nil
        }
    }

    /// As tables name it.
    package var key: String {
        switch self {
        case .platform: Self.everyone
        case .company(let id): id.text
        }
    }

    static let everyone = "*"

    /// The place of a row's key.
    init?(key: String) {
        if key == Self.everyone {
            self = .platform
        } else if let id = CompanyID(key) {
            self = .company(id)
        } else {
            return nil
        }
    }

    /// What its events are told on.
    package var address: TaskAddress {
        switch self {
        case .platform: QueryScope.platform.address
        case .company(let id): QueryScope.company(id).address
        }
    }

    /// Whether rows belong to it, by the column of their company.
    func holds(_ company: SQL) -> SQL {
        switch self {
        case .platform: "true"
        case .company(let id): "\(company) = \(id)"
        }
    }
}

/// A time in which nothing new of a company, or of the platform, is claimed.
package struct Pause: Sendable, Hashable {
    package let id: UUID
    package let place: PausePlace
    package let standing: Standing
    package let pausedBy: String
    package let pausedAt: Date
    package let reportID: UUID?
    package let resumedBy: String?
    package let resumedAt: Date?
}

extension Pause {
    static let columns: SQL =
        "id, company_id, standing, paused_by, paused_at, report_id, resumed_by, resumed_at"

    init(_ row: Row) throws {
        guard let place = PausePlace(key: try row.get("company_id")) else { throw StoreError.unknownWorkflow }
        self.place = place
        id = try row.get("id")
        standing = try row.get("standing")
        pausedBy = try row.get("paused_by")
        pausedAt = try row.get("paused_at")
        reportID = try row.get("report_id")
        resumedBy = try row.get("resumed_by")
        resumedAt = try row.get("resumed_at")
    }

    /// Whether nothing new of a company is claimed, because it or the platform is paused.
    static func isInForce(of company: SQL) -> SQL {
        """
        exists (select from pauses halt where halt.company_id in (\(company)::text, '*') and halt.resumed_at is null)
        """
    }

    /// When the time of a workflow `t` is over: its clock stands still while an ancestor, its company or the platform is
    /// paused. A time that both of these are paused counts twice, for the task.
    static let deadline: SQL = """
        (\(Ancestry.deadline) + coalesce((
            select sum(coalesce(halt.resumed_at, now()) - greatest(halt.paused_at, t.created_at)) from pauses halt
            where halt.company_id in (t.company_id::text, '*') and coalesce(halt.resumed_at, now()) > t.created_at),
            interval '0'))
        """
}

/// A checkpoint to come.
package struct ScheduledCheckpoint: Sendable, Hashable {
    package let place: PausePlace
    package let due: Date
    /// Whether nothing is paused there.
    package let isFree: Bool

    init?(_ row: Row) throws {
        guard let place = PausePlace(key: try row.get("company_id")) else { return nil }
        self.place = place
        due = try row.get("due")
        isFree = try row.get("is_free")
    }
}

extension Standing: SQLEncodable, SQLDecodable {}
