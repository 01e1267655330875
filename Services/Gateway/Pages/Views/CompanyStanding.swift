/// Whether a company's tasks are worked on, and the buttons that have them rest or go on.
package struct CompanyStanding: Sendable {
    package let company: String
    package let action: String
    package let state: Badge
    package let isPaused: Bool
    /// Who asked for the pause, and when.
    package let actor: String
    package let since: Moment?

    /// - Parameters:
    ///   - actor: `nil` while it is not paused.
    ///   - status: That of the pause, by its name in the contract.
    package init(_ company: String, pausedBy actor: String? = nil, since: Moment? = nil, status: String? = nil) {
        self.company = company
        action = Place.companyActions(company)
        isPaused = actor != nil
        state = actor == nil ? Badge("Running", .good) : Self.states[status ?? ""] ?? Badge("Paused", .warn)
        self.actor = actor ?? ""
        self.since = since
    }

    private static let states = [
        "halting": Badge("Coming to rest", .warn), "reached": Badge("At a checkpoint", .warn),
    ]
}
