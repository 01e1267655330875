import Contracts
import DequeModule
import FoundationEssentials
import Foundations
import Logging
import Messaging
import ServiceLifecycle
import Synchronization
import TaskStore

/// Publishes what a transaction left in the outbox, right after its commit and in order per workflow.
///
/// A caller hands over *all* unpublished rows of a workflow, so whoever publishes always sends the whole prefix, and
/// the first copy of each event leaves in order. What cannot be published, or is another service's to publish
/// (``OutboxRights``), stays in the outbox for the relay, with all that follows it.
package final class OutboxPublisher: Service {
    private struct State {
        /// The unpublished prefix of each workflow, in the order in which the workflows came.
        var waiting: [UUID?: [OutboxMessage]] = [:]
        var order: Deque<UUID?> = []
        /// Rows that were published just now: a transaction that began before they were marked hands them over again.
        var published = RecentIDs(age: .seconds(2))
        /// What is published and not yet marked.
        var unmarked: [PublishedMessage] = []
    }

    /// How long marks wait for others: each transaction that marks costs as much as one that does something. Much less
    /// than the relay leaves a row alone, and than ``State/published`` remembers it.
    private static let markingDelay: Duration = .milliseconds(100)
    private static let mostUnmarked = 200

    private let sender: OutboxSender
    private let rights: OutboxRights
    private let secondLook = SecondLook()
    private let store: TaskStore
    private let metrics: MetricsRegistry
    private let logger: Logger
    private let state = Mutex(State())
    private let bell = Doorbell()
    private let markingBell = Doorbell()

    /// - Parameter patience: How long a message may take to turn up that the server says it has already.
    package init(
        bus: any MessageBus, store: TaskStore, rights: OutboxRights, crashPoints: CrashPoints = .none,
        metrics: MetricsRegistry = MetricsRegistry(), patience: Duration = .seconds(5), logger: Logger
    ) {
        sender = OutboxSender(bus, crashPoints, patience: patience, readsStream: rights.readsStream)
        self.rights = rights
        self.store = store
        self.metrics = metrics
        self.logger = logger
    }

    /// Queues the unpublished rows of one or more workflows. Returns at once.
    package func publish(_ messages: [OutboxMessage]) {
        guard !messages.isEmpty else { return }
        for workflow in queue(messages) { secondLook.note(workflow) }
    }

    /// Returns the workflows that hold more than is ours to publish.
    @discardableResult private func queue(_ messages: [OutboxMessage]) -> [UUID] {
        let heldUp = state.withLock { state in
            var heldUp: [UUID] = []
            for (workflow, rows) in Dictionary(grouping: messages, by: \.workflowID) {
                if let workflow, publishable(rows).count < rows.count { heldUp.append(workflow) }
                guard let waiting = state.waiting[workflow] else {
                    state.waiting[workflow] = rows
                    state.order.append(workflow)
                    continue
                }
                // The longer prefix holds the shorter one.
                if (rows.last?.id ?? 0) > (waiting.last?.id ?? 0) { state.waiting[workflow] = rows }
            }
            return heldUp
        }
        bell.ring()
        return heldUp
    }

    private func publishable(_ rows: [OutboxMessage]) -> [OutboxMessage] {
        rights.publishable(rows) { $0.subject }
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { while (try? await self.bell.wait()) != nil { await self.drain() } }
                group.addTask { await self.markNowAndThen() }
                group.addTask { await self.lookAgain() }
            }
        }
        await drain()
        await mark()
    }

    private func drain() async {
        while let rows = next() {
            let done = await publishInOrder(rows)
            guard !done.isEmpty else { continue }
            let count = state.withLock { state in
                state.unmarked += done
                return state.unmarked.count
            }
            // Whoever goes on with an announced run hands over what is not marked, and does not know what went out.
            if count >= Self.mostUnmarked || rows.contains(where: { $0.seq == nil }) {
                await mark()
            } else {
                markingBell.ring()
            }
        }
    }

    private func markNowAndThen() async {
        while (try? await markingBell.wait()) != nil {
            guard (try? await Task.sleep(for: Self.markingDelay)) != nil else { return }
            await mark()
        }
    }

    private func lookAgain() async {
        while let workflows = try? await secondLook.next() {
            guard !workflows.isEmpty, let rows = try? await store.unpublished(of: workflows) else { continue }
            queue(rows)
        }
    }

    private func mark() async {
        let done = state.withLock { state in
            defer { state.unmarked = [] }
            return state.unmarked
        }
        guard !done.isEmpty else { return }
        do {
            try await store.markPublished(done)
        } catch {
            logger.debug("published rows are not marked yet", metadata: ["error": "\(error)"])
        }
    }

    private func next() -> [OutboxMessage]? {
        state.withLock { state in
            while let workflow = state.order.popFirst() {
                let rows = state.waiting.removeValue(forKey: workflow) ?? []
                let fresh = publishable(rows).filter { !state.published.contains($0.id) }
                if !fresh.isEmpty { return fresh }
            }
            return nil
        }
    }

    /// Publishes rows one after the other and stops at the first that fails.
    private func publishInOrder(_ rows: [OutboxMessage]) async -> [PublishedMessage] {
        var done: [PublishedMessage] = []
        for row in rows {
            do {
                done.append(try await sender.publish(row))
                metrics.count(.published, "ok")
                state.withLock { $0.published.insert(row.id) }
            } catch {
                metrics.count(.published, "failed")
                logger.warning(
                    "publishing failed, the relay will repeat it",
                    metadata: ["subject": "\(row.subject)", "error": "\(error)"])
                break
            }
        }
        return done
    }
}
