/// What the bearer of an access token may do; each role may also do what those before it may.
package enum AccessRole: String, Sendable, Codable, CaseIterable, Comparable {
    /// Reads.
    case viewer
    /// Adds tasks and controls them.
    case `operator`
    /// Changes what holds for all tasks.
    case admin

    package static func < (left: AccessRole, right: AccessRole) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .viewer: 0
        case .operator: 1
        case .admin: 2
        }
    }
}
