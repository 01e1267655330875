import Contracts
import DequeModule
import Foundations
import Synchronization
import TaskStore

/// What waits for one stream: batches of events, as many as it may keep waiting.
///
/// Who is too slow loses nothing: it is told so, and reads from the record what it missed.
final class Mailbox: Sendable {
    /// The most events that wait.
    static let capacity = 256

    /// What a stream finds here.
    enum Mail {
        /// None, or empty ones, where nothing came in time.
        case batches([EventBatch])
        /// More came than may wait.
        case missed
        /// There will be no more.
        case ended
    }

    private struct State {
        var batches: Deque<EventBatch> = []
        var count = 0
        var hasMissed = false
        var isEnded = false
    }

    /// Whose events are wanted.
    let scope: QueryScope
    private let state = Mutex(State())
    private let bell = Doorbell()

    init(_ scope: QueryScope) { self.scope = scope }

    /// Puts in what is wanted of a batch; of one without anything wanted, the moment that it is of.
    func put(_ batch: EventBatch) {
        let rings = state.withLock { state in
            guard !state.hasMissed, !state.isEnded else { return false }
            if batch.messages.isEmpty, let last = state.batches.last, last.messages.isEmpty {
                state.batches.removeLast()
            }
            state.batches.append(batch)
            state.count += batch.messages.count
            if state.count > Self.capacity { state = State(hasMissed: true) }
            return state.hasMissed || !batch.messages.isEmpty
        }
        if rings { bell.ring() }
    }

    /// Has the stream read the record.
    func miss() {
        state.withLock { if !$0.isEnded { $0 = State(hasMissed: true) } }
        bell.ring()
    }

    func end() {
        state.withLock { $0.isEnded = true }
        bell.ring()
    }

    /// What is there, or comes before `limit` is over. Throws `CancellationError` alone.
    func take(waitingAtMost limit: Duration) async throws -> Mail {
        if !isWorthReading { try await bell.wait(atMost: limit) }
        return state.withLock { state in
            if state.isEnded { return .ended }
            defer { state = State() }
            return state.hasMissed ? .missed : .batches(Array(state.batches))
        }
    }

    /// Batches that hold nothing are no reason to wake.
    private var isWorthReading: Bool { state.withLock { $0.isEnded || $0.hasMissed || $0.count > 0 } }
}
