import Synchronization

/// What was counted a moment ago: many pages show the same, and streams ask for it again and again.
final class ShortMemory: Sendable {
    /// How old a count may be.
    private static let patience: Duration = .seconds(5)
    /// How many there may be; then they are counted anew.
    private static let most = 1000

    private let state = Mutex<[String: (read: ContinuousClock.Instant, value: any Sendable)]>([:])

    /// What was read of a name, or is read now.
    func value<Value: Sendable>(_ name: String, _ read: () async throws -> Value) async throws -> Value {
        let now = ContinuousClock.now
        let kept = state.withLock { $0[name] }
        if let kept, kept.read.duration(to: now) < Self.patience, let value = kept.value as? Value { return value }
        let value = try await read()
        state.withLock { state in
            if state.count >= Self.most { state = [:] }
            state[name] = (now, value)
        }
        return value
    }
}
