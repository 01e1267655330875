import TaskStore

/// How a replica follows what it is told. Pure.
struct ReplicaConduct: Hashable {
    /// How a process ends that was told to.
    enum End: Hashable {
        /// For good, when nothing runs here any more.
        case drained
        /// To be started again, at once: what runs is given back.
        case restarting
    }

    private(set) var state = Replica.State.running

    /// Whether it takes on new work.
    var isOpen: Bool { state == .running }

    /// Does as it is told. Returns how the process ends now, `nil` where it goes on.
    ///
    /// A claim that was under way when it began to drain is seen the next time: so it does not end before.
    mutating func follow(_ orders: ReplicaOrders) -> End? {
        let wasDraining = state == .draining
        switch orders.order {
        case .run: state = .running
        case .pause: state = .paused
        case .drain:
            state = .draining
            if wasDraining, !orders.holdsRuns { return .drained }
        case .restart:
            let isNew = state != .restarting
            state = .restarting
            if isNew { return .restarting }
        }
        return nil
    }
}
