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
        var published = RecentIDs<Int64>(age: .seconds(2))
        /// The permits that arrived just now.
        var arrived = RecentIDs<UUID>(age: .seconds(2))
        var unmarked = UnmarkedMessages()

        /// The rows of a workflow without those that are known to be in the stream, by a permit that came from there.
        func beyondArrived(_ rows: [OutboxMessage]) -> [OutboxMessage] {
            guard let last = rows.lastIndex(where: { arrived.contains($0.eventID) }) else { return rows }
            return Array(rows[(last + 1)...])
        }
    }

    /// How long marks wait for others: each transaction that marks costs as much as one that does something. Much less
    /// than the relay leaves a row alone, and than ``State/published`` and ``State/arrived`` remember it.
    private let markingDelay: Duration
    private static let mostUnmarked = 200

    private let bus: any MessageBus
    private let sender: OutboxSender
    private let rights: OutboxRights
    private let heldUp = HeldUpWorkflows()
    private let store: TaskStore
    private let metrics: MetricsRegistry
    private let logger: Logger
    private let state = Mutex(State())
    private let bell = Doorbell()
    private let markingBell = Doorbell()

    /// - Parameter patience: How long a message may take to turn up that the server says it has already.
    package init(
        bus: any MessageBus, store: TaskStore, rights: OutboxRights, crashPoints: CrashPoints = .none,
        metrics: MetricsRegistry = MetricsRegistry(), patience: Duration = .seconds(5),
        markingDelay: Duration = .milliseconds(100), logger: Logger
    ) {
        self.bus = bus
        sender = OutboxSender(bus, crashPoints, patience: patience, readsStream: rights.readsStream)
        self.rights = rights
        self.store = store
        self.metrics = metrics
        self.markingDelay = markingDelay
        self.logger = logger
    }

    /// Takes note of a permit that came from the stream: whoever published it has published all of its workflow before it,
    /// and marks it in a moment.
    package func hasArrived(_ permit: BusMessage) {
        guard let id = permit.headers[BusMessage.messageIDHeader].flatMap({ UUID(uuidString: $0) }) else { return }
        state.withLock { $0.arrived.insert(id) }
    }

    /// Queues the unpublished rows of one or more workflows. Returns at once.
    package func publish(_ messages: [OutboxMessage]) {
        guard !messages.isEmpty else { return }
        heldUp.note(queue(messages))
    }

    /// Returns the workflows that hold more than is ours to publish.
    private func queue(_ messages: [OutboxMessage]) -> [UUID] {
        let heldUp = state.withLock { state in
            var heldUp: [UUID] = []
            for (workflow, all) in Dictionary(grouping: messages, by: \.workflowID) {
                let rows = state.beyondArrived(all)
                guard !rows.isEmpty else { continue }
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
                state.unmarked.add(done)
                return state.unmarked.messages.count
            }
            if count >= Self.mostUnmarked { await mark() } else { markingBell.ring() }
        }
    }

    private func markNowAndThen() async {
        while (try? await markingBell.wait()) != nil {
            guard (try? await Task.sleep(for: markingDelay)) != nil else { return }
            await mark()
        }
    }

    private func lookAgain() async {
        while let look = try? await heldUp.next() {
            guard !look.isEmpty, let rows = try? await store.unpublished(of: Array(look.keys)) else { continue }
            heldUp.note(queue(rows), after: look)
        }
    }

    private func mark() async {
        let sent = state.withLock { state in
            defer { state.unmarked = UnmarkedMessages() }
            return state.unmarked
        }
        guard !sent.isEmpty, sent.areTrusted(by: bus) else { return }
        do {
            try await store.markPublished(sent.messages)
            // The mark may have come after the loss.
            if !sent.areTrusted(by: bus) { try await store.markUnpublished(sent.messages) }
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
    private func publishInOrder(_ rows: [OutboxMessage]) async -> UnmarkedMessages {
        var done = UnmarkedMessages()
        for row in rows {
            do {
                let interruptions = bus.interruptions
                done.add(try await sender.publish(row), sentAfter: interruptions)
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
