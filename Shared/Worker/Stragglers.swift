import Foundations
import Synchronization

/// Handlers that did not end when they were told to. Others have their places, but the threads, files and memory that
/// they hold are gone for this process.
final class Stragglers: Sendable {
    /// How long one may take to end after all.
    static let patience: Duration = .seconds(300)

    private struct Straggler {
        let work: HandlerWork
        let since: ContinuousClock.Instant
    }

    private let most: Int
    private let patience: Duration
    private let all = Mutex<[Straggler]>([])
    private let bell = Doorbell()

    /// - Parameter most: How many the process goes on with.
    init(most: Int, patience: Duration = Stragglers.patience) {
        self.most = most
        self.patience = patience
    }

    func add(_ work: HandlerWork) {
        all.withLock { $0.append(Straggler(work: work, since: .now)) }
        bell.ring()
    }

    /// Throws ``StagesStuck`` once there are too many or one of them takes too long, or `CancellationError`.
    func watch() async throws {
        while true {
            let (count, oldest) = all.withLock { all -> (Int, ContinuousClock.Instant?) in
                all.removeAll { $0.work.isOver }
                return (all.count, all.first?.since)
            }
            guard let oldest else {
                try await bell.wait()
                continue
            }
            let end = oldest + patience
            guard count <= most, end > .now else { throw StagesStuck(count: count) }
            try await bell.wait(atMost: end - .now)
        }
    }
}

/// Stage runs do not end although they were told to: the process has to, so that another takes its place.
struct StagesStuck: Error, Hashable, CustomStringConvertible {
    let count: Int

    var description: String { "\(count) stage runs do not end although they were told to: the process ends" }
}
