import Database

/// What a claim takes for a run beyond its place in the queue, for example a place under the limit of its company.
///
/// The invariants of what claims take:
/// - All of it or nothing: it is taken in the transaction of the claim, which is rolled back with all that it took as soon
///   as something cannot be had.
/// - Locks are taken in one order: first the workflow's, then those of the wants in the order of their ``Place``; a want that
///   locks several rows locks them in the order of their ids. So claims do not wait for each other in a circle.
/// - A claim passes over what cannot be had by what is committed, so that it hides nothing else, and `waits_for` names it by
///   the same condition (``shortage``). Whether it can be had is decided under the lock (``take``).
/// - A run that wants nothing of it costs no statement.
struct ClaimWant: Sendable {
    /// Where its locks stand among those of a claim.
    enum Place: Int {
        case limits, resources, budgets
    }

    /// When it cannot be had. A condition that is never null.
    enum Shortage: Sendable {
        /// By no further run of a company of whose tasks so many run; where none does it can be had.
        case ofCompany(@Sendable (_ company: SQL, _ running: SQL) -> SQL)
        /// By a run `r` of a task `t`, one whose lease ended too: what that one holds itself is free to it.
        case ofRun(SQL)
    }

    /// What a run waits for that cannot have it, as `waits_for` says it.
    let name: String
    let place: Place
    let shortage: Shortage
    /// What ``take`` has to know of the claimed `run`, as columns.
    let columns: SQL
    /// Takes it, under lock, for the run that a row of these columns is of. Returns whether it could be had.
    let take: @Sendable (Row, Connection) throws -> Bool

    /// The table of what claims take.
    static let all: [ClaimWant] = [.companyLimit]

    /// A claim that has to be rolled back, because something cannot be had by the run.
    struct NotHad: Error {
        let run: Int
    }
}

extension ClaimWant {
    /// Whether a run `r` of a task `t` cannot have it.
    fileprivate var isShort: SQL {
        switch shortage {
        case .ofCompany(let condition): condition("r.company_id", CompanyLimit.running(of: "r.company_id"))
        case .ofRun(let condition): condition
        }
    }
}

extension [ClaimWant] {
    /// Takes all of it for the run of a row that a claim gave. Throws ``ClaimWant/NotHad``.
    func take(_ row: Row, on connection: Connection) throws {
        for want in sorted(by: { $0.place.rawValue < $1.place.rawValue }) {
            guard try want.take(row, connection) else { throw ClaimWant.NotHad(run: try row.get("run_id")) }
        }
    }

    /// What ``take(_:on:)`` has to know, behind other columns.
    var columns: SQL { reduce(SQL()) { "\($0), \($1.columns)" } }

    /// Whether a run `r` of a task `t` cannot have all of it.
    var areShort: SQL { Self.anyOf(map(\.isShort)) }

    /// What of ``areShort`` depends on the run itself.
    var areShortForRun: SQL {
        Self.anyOf(compactMap { if case .ofRun(let condition) = $0.shortage { condition } else { nil } })
    }

    /// What of it depends on how many tasks of the company run, which some do.
    func areShort(for company: SQL, running: SQL) -> SQL {
        Self.anyOf(
            compactMap { if case .ofCompany(let condition) = $0.shortage { condition(company, running) } else { nil } })
    }

    /// The first that a run `r` of a task `t` cannot have, by name, or `otherwise`.
    func firstShort(otherwise: SQL) -> SQL {
        let cases = sorted(by: { $0.place.rawValue < $1.place.rawValue })
            .map { want -> SQL in "when \(want.isShort) then \(want.name)" }
        return cases.isEmpty ? otherwise : "case \(SQL.list(cases, separator: " ")) else \(otherwise) end"
    }

    private static func anyOf(_ conditions: [SQL]) -> SQL {
        conditions.isEmpty ? "false" : "(\(SQL.list(conditions, separator: " or ")))"
    }
}
