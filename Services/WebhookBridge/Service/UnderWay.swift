import Synchronization

/// The messages that this process is delivering right now.
final class UnderWay: Sendable {
    private let state = Mutex<Set<String>>([])

    var ids: [String] { state.withLock { Array($0) } }

    func add(_ id: String) { state.withLock { _ = $0.insert(id) } }

    func remove(_ id: String) { state.withLock { _ = $0.remove(id) } }
}
