import Synchronization
import TaskStore

/// The messages that this process is delivering right now, and the places that it has for them.
final class UnderWay: Sendable {
    private struct State {
        var places: WebhookPlaces
        /// Whether messages are due that had no place.
        var isAwaited = false
    }

    private let state: Mutex<State>

    init(places: Int) { state = Mutex(State(places: WebhookPlaces(places))) }

    /// How many there are.
    var count: Int { places.ids.count }

    var places: WebhookPlaces { state.withLock { $0.places } }

    func add(_ claim: WebhookClaim) {
        state.withLock { state in
            for delivery in claim.deliveries { state.places.take(delivery) }
            state.isAwaited = claim.isHeldBack
        }
    }

    /// Returns whether somebody waits for the place.
    func remove(_ id: String) -> Bool {
        state.withLock { state in
            state.places.giveBack(id)
            return state.isAwaited
        }
    }
}
