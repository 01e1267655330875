import Contracts
import Foundations
import Logging
import Messaging
import ServiceKit
import ServiceLifecycle
import Synchronization
import TaskStore

/// Follows the events of all tasks, once for all streams of the process.
///
/// The record tells what happened, and the bus that something did: an event on the bus is a reason to look, and a look a
/// second makes up for one that was lost. So a stream misses nothing that is recorded, and sees nothing twice.
package final class EventFollower: Service {
    /// The most streams at a time.
    static let maximumStreams = 2000
    /// How long events that the bus did not tell of stay unseen.
    private static let longestWait: Duration = .seconds(1)
    /// The most events that are handed on at once; who missed more reads the record.
    private static let batchLimit = 1000

    private struct State {
        /// Up to where every mailbox has all that it wants; `nil` while there is none.
        var cursor: EventCursor?
        var mailboxes: [Int: Mailbox] = [:]
        var lastID = 0
        var isEnded = false
    }

    private let record: any FollowedRecord
    private let bus: any MessageBus
    private let subjects: SubjectScheme
    private let metrics: MetricsRegistry
    private let logger: Logger
    private let state = Mutex(State())
    private let bell = Doorbell()

    init(
        _ record: any FollowedRecord, _ bus: any MessageBus, subjects: SubjectScheme, metrics: MetricsRegistry,
        logger: Logger
    ) {
        self.record = record
        self.bus = bus
        self.subjects = subjects
        self.metrics = metrics
        self.logger = logger
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                for type in EventType.allCases where type.isOutgoing {
                    group.addTask { await self.listen(to: type) }
                }
                await self.follow()
                group.cancelAll()
            }
        }
        let open = state.withLock { state in
            state.isEnded = true
            return Array(state.mailboxes.values)
        }
        for mailbox in open { mailbox.end() }
    }

    /// Throws a ``Problem`` where there are as many streams as there may be.
    func checkRoom() throws(Problem) {
        let hasRoom = state.withLock { !$0.isEnded && $0.mailboxes.count < Self.maximumStreams }
        guard hasRoom else { throw .noRoomForStreams }
    }

    /// Has a mailbox get every event that it wants and that is committed from now on, until it leaves. The first one
    /// begins with what is committed now.
    func join(_ mailbox: Mailbox) async throws -> Int {
        while true {
            try checkRoom()
            let isFollowing = state.withLock { $0.cursor != nil }
            let now = try await isFollowing ? nil : record.eventCursor()
            let id = state.withLock { state -> Int? in
                state.cursor = state.cursor ?? now
                guard state.cursor != nil else { return nil }
                state.lastID += 1
                state.mailboxes[state.lastID] = mailbox
                return state.lastID
            }
            guard let id else { continue }
            metrics.change(.httpStreams, by: 1)
            bell.ring()
            return id
        }
    }

    func leave(_ id: Int) {
        state.withLock { state in
            state.mailboxes[id] = nil
            if state.mailboxes.isEmpty { state.cursor = nil }
        }
        metrics.change(.httpStreams, by: -1)
    }

    private func listen(to type: EventType) async {
        await Periodic.run(every: Self.longestWait, "event subscription", logger) { [self] in
            for await _ in try await bus.subscribe(subjects.filter(type), queueGroup: nil) { bell.ring() }
        }
    }

    private func follow() async {
        while !Task.isCancelled {
            do {
                try await look()
                try await bell.wait(atMost: Self.longestWait)
            } catch {
                guard !Task.isCancelled else { return }
                logger.warning("events cannot be followed for now", metadata: ["error": "\(error)"])
                guard (try? await Task.sleep(for: Self.longestWait)) != nil else { return }
            }
        }
    }

    /// Hands on what was committed since the last look.
    func look() async throws {
        guard let cursor = state.withLock({ $0.cursor }) else { return }
        let batch = try await record.events(after: cursor, in: .platform, limit: Self.batchLimit)
        if let batch, batch.isWhole { return deliver(batch, after: cursor) }
        // Far behind, or of another database: each stream reads what it lacks.
        let now = try await record.eventCursor()
        let mailboxes = state.withLock { state -> [Mailbox] in
            guard state.cursor == cursor else { return [] }
            state.cursor = now
            return Array(state.mailboxes.values)
        }
        for mailbox in mailboxes { mailbox.miss() }
    }

    private func deliver(_ batch: EventBatch, after cursor: EventCursor) {
        let named = batch.messages.compactMap { message in
            subjects.parse(message.subject).map { (message.subject, $0.address) }
        }
        let places = Dictionary(named) { first, _ in first }
        state.withLock { state in
            // All have left meanwhile, and others came who began later.
            guard state.cursor == cursor else { return }
            state.cursor = cursor.behind(batch)
            for mailbox in state.mailboxes.values {
                mailbox.put(batch.filter { places[$0.subject].map(mailbox.scope.contains) ?? false })
            }
        }
    }
}
