import Contracts
import Database
import FoundationEssentials

/// A process of a service, as it shows itself.
package struct Replica: Sendable, Hashable {
    /// What it does.
    package enum State: String, Sendable, CaseIterable {
        case running
        /// It claims nothing new.
        case paused
        /// It claims nothing new, and ends when what it runs has ended.
        case draining
        /// It gives back what it runs, and ends to be started again.
        case restarting
    }

    /// What it is to do.
    package enum Order: String, Sendable, CaseIterable {
        case run, pause, drain, restart
    }

    /// Names it as the owner of leases: random, another one for each start.
    package let owner: UUID
    package let service: ServiceKind
    /// What people call it.
    package let name: String
    package let version: String
    /// How many runs it takes at a time; `nil` where its service runs none.
    package let places: Int?
    package let startedAt: Date
    package var state: State

    package init(
        owner: UUID, service: ServiceKind, name: String, version: String, places: Int?, startedAt: Date,
        state: State = .running
    ) {
        self.owner = owner
        self.service = service
        self.name = name
        self.version = version
        self.places = places
        self.startedAt = startedAt
        self.state = state
    }

    /// One that has not been seen for so long is gone.
    static let patience: SQL = "interval '15 seconds'"
}

/// What a replica is told when it shows itself.
package struct ReplicaOrders: Sendable, Hashable {
    package let order: Replica.Order
    /// Whether runs are leased to it. Known where it is to end.
    package let holdsRuns: Bool

    package init(_ order: Replica.Order, holdsRuns: Bool = false) {
        self.order = order
        self.holdsRuns = holdsRuns
    }
}

extension Replica.State: SQLEncodable {}
extension Replica.Order: SQLEncodable, SQLDecodable {}
extension ServiceKind: SQLEncodable {}
