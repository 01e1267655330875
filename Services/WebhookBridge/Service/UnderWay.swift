import Synchronization
import TaskStore

/// The messages that this process is delivering right now, and the places that it has for them.
final class UnderWay: Sendable {
    private struct State {
        var places: WebhookPlaces
        var leases: [String: RunLease] = [:]
        /// Whether messages are due that had no place.
        var isAwaited = false
    }

    private let state: Mutex<State>

    init(places: Int) { state = Mutex(State(places: WebhookPlaces(places))) }

    /// How many there are.
    var count: Int { state.withLock { $0.leases.count } }

    var places: WebhookPlaces { state.withLock { $0.places } }

    var leases: [RunLease] { state.withLock { Array($0.leases.values) } }

    func add(_ claim: WebhookClaim) {
        state.withLock { state in
            for delivery in claim.deliveries {
                state.places.take(delivery)
                state.leases[delivery.id] = delivery.lease
            }
            state.isAwaited = claim.isHeldBack
        }
    }

    /// Returns whether somebody waits for the place.
    func remove(_ id: String) -> Bool {
        state.withLock { state in
            state.places.giveBack(id)
            state.leases[id] = nil
            return state.isAwaited
        }
    }
}
