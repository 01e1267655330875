import DequeModule
import Foundations
import Synchronization

/// A pull consumer bound to the in-memory bus.
struct MemoryPullConsumer: PullConsumer {
    let bus: InMemoryBus
    let stream: String
    let durable: String

    func next(waitingAtMost limit: Duration) async throws -> Delivery? {
        try Task.checkCancellation()
        let promise = Promise<Delivery?>()
        let id = try enqueue(promise)
        let deadline = bus.deadlines.schedule(after: limit) { promise.succeed(nil) }
        defer {
            bus.deadlines.cancel(deadline)
            bus.state.withLock { $0.streams[stream]?.consumers[durable]?.waiters.removeAll { $0.id == id } }
        }
        bus.serve(stream)
        return try await promise.value()
    }

    private func enqueue(_ promise: Promise<Delivery?>) throws -> UInt64 {
        try bus.state.withLock { state in
            let id = state.newID()
            guard state.streams[stream]?.consumers[durable] != nil else {
                throw BusError(.notFound, "no such consumer", isRetriable: true)
            }
            state.streams[stream]?.consumers[durable]?.waiters.append(.init(id: id, promise: promise))
            return id
        }
    }
}
