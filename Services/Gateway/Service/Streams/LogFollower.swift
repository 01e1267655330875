import DequeModule
import Foundations
import Logging
import ServiceKit
import ServiceLifecycle
import Synchronization
import TaskStore

/// Follows the logs of all services, once for all streams of the process.
///
/// The last lines are kept, for all streams together: who is up to them takes them from here, and who is not reads
/// the record. Ids are in the order in which lines can be seen, so that nobody misses one who goes on behind the last
/// that he has, at whatever gateway.
package final class LogFollower: Service {
    /// The most streams at a time.
    static let maximumStreams = 500
    private static let keptLines = 2000
    /// The most lines that are read at once.
    private static let batchLimit = 1000

    /// What is here for somebody who has seen all lines up to an id.
    enum News {
        /// All that came later, up to a place.
        case lines([RecordedLine], upTo: Int)
        /// It is not here: the record has to be asked.
        case inRecord
        /// There will be none any more.
        case ended
    }

    private struct Tail {
        var lines: Deque<RecordedLine> = []
        /// What is behind this is in `lines`.
        var from: Int
        /// As far as `lines` go.
        var upTo: Int

        mutating func append(_ batch: LogBatch) {
            lines.append(contentsOf: batch.lines)
            upTo = batch.upTo
            while lines.count > LogFollower.keptLines, let first = lines.popFirst() { from = first.id }
        }

        func lines(after id: Int) -> [RecordedLine] {
            var start = lines.endIndex
            while start > lines.startIndex, lines[start - 1].id > id { start -= 1 }
            return Array(lines[start...])
        }
    }

    private struct State {
        /// `nil` while nobody listens.
        var tail: Tail?
        var bells: [Int: Doorbell] = [:]
        var lastID = 0
        var isEnded = false
    }

    private let record: any FollowedLogs
    private let interval: Duration
    private let metrics: MetricsRegistry
    private let logger: Logger
    private let state = Mutex(State())
    /// Rings when somebody joins.
    private let joined = Doorbell()

    /// - Parameter interval: How long a line stays unseen.
    init(
        _ record: any FollowedLogs, interval: Duration = .milliseconds(500), metrics: MetricsRegistry, logger: Logger
    ) {
        self.record = record
        self.interval = interval
        self.metrics = metrics
        self.logger = logger
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown { await self.follow() }
        let bells = state.withLock { state in
            state.isEnded = true
            return Array(state.bells.values)
        }
        for bell in bells { bell.ring() }
    }

    /// Throws a ``Problem`` where there are as many streams as there may be.
    func checkRoom() throws(Problem) {
        let hasRoom = state.withLock { !$0.isEnded && $0.bells.count < Self.maximumStreams }
        guard hasRoom else { throw .noRoomForStreams }
    }

    /// Has a bell ring whenever there are lines, and at the end, until it leaves.
    func join(_ bell: Doorbell) throws(Problem) -> Int {
        try checkRoom()
        let id = state.withLock { state in
            state.lastID += 1
            state.bells[state.lastID] = bell
            return state.lastID
        }
        metrics.change(.httpStreams, by: 1)
        joined.ring()
        return id
    }

    func leave(_ id: Int) {
        state.withLock { state in
            state.bells[id] = nil
            if state.bells.isEmpty { state.tail = nil }
        }
        metrics.change(.httpStreams, by: -1)
    }

    func news(after id: Int) -> News {
        state.withLock { state in
            if state.isEnded { return .ended }
            guard let tail = state.tail, id >= tail.from, id <= tail.upTo else { return .inRecord }
            return .lines(tail.lines(after: id), upTo: tail.upTo)
        }
    }

    private func follow() async {
        while !Task.isCancelled {
            do {
                if state.withLock({ $0.bells.isEmpty }) { try await joined.wait() }
                try await look()
                try await Task.sleep(for: interval)
            } catch {
                guard !Task.isCancelled else { return }
                logger.warning("logs cannot be followed for now", metadata: ["error": "\(error)"])
                guard (try? await Task.sleep(for: interval)) != nil else { return }
            }
        }
    }

    /// Takes in what was written since the last look.
    func look() async throws {
        let last = try await record.lastLine()
        while let place = upTo, place < last {
            let batch = try await record.lines(after: place, upTo: last, matching: .all, limit: Self.batchLimit)
            ring { state in
                guard state.tail?.upTo == place else { return }
                state.tail?.append(batch)
            }
        }
        // Nobody has listened so far, or the record is another.
        guard upTo != last else { return }
        ring { $0.tail = $0.bells.isEmpty ? nil : Tail(from: last, upTo: last) }
    }

    private var upTo: Int? { state.withLock { $0.tail?.upTo } }

    private func ring(after change: (inout State) -> Void) {
        let bells = state.withLock { state in
            change(&state)
            return Array(state.bells.values)
        }
        for bell in bells { bell.ring() }
    }
}
