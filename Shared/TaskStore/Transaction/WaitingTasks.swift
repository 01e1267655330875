import Contracts
import Database
import Foundations

/// How many submitted tasks of a company wait to be begun, within the transaction of another.
struct WaitingTasks {
    /// As many wait as may.
    struct TooMany: Error {}

    private let company: CompanyID
    private let most: Int
    private let connection: Connection

    /// `nil` where there is no limit. Else submissions of the company commit one after the other from here on.
    init?(beside submission: Submission, on connection: Connection) throws {
        guard let most = submission.maxWaiting else { return nil }
        company = submission.request.task.address.company
        self.most = most
        self.connection = connection
        try connection.execute("select pg_advisory_xact_lock(\(Self.lockClass)::integer, hashtext(\(company)::text))")
    }

    /// Throws ``TooMany`` if there are, with the task that this transaction recorded.
    func check() throws {
        let waiting: SQL = """
            select count(*) as waiting from tasks t where t.company_id = \(company) and t.finished_at is null
                and t.started_at is null and t.parent is null
            """
        guard let count: Int = try connection.execute(waiting).first?.get("waiting"), count <= most else {
            throw TooMany()
        }
    }

    /// "wait"
    private static let lockClass = 0x7761_6974
}
