import DequeModule
import Foundations
import Synchronization

/// What servers do when they lose something.
extension InMemoryBus {
    /// A stream as it was, to be put back.
    package struct Backup: Sendable {
        fileprivate let stream: MemoryStream
    }

    /// Removes a stream with its consumers, as if the server's store had been wiped.
    package func remove(stream: String) {
        let removed = state.withLock { $0.streams.removeValue(forKey: stream) }
        for waiter in removed?.consumers.values.flatMap(\.waiters) ?? [] {
            waiter.promise.fail(BusError(.notFound, "no such consumer", isRetriable: true))
        }
    }

    /// A stream with its consumers as it is now; `nil` if it does not exist.
    package func backUp(stream: String) -> Backup? {
        state.withLock { $0.streams[stream] }.map { Backup(stream: $0.withoutWaiters) }
    }

    /// Puts a stream back to what it was, as a server does that comes up with an older store.
    package func restore(_ backup: Backup) {
        remove(stream: backup.stream.declaration.name)
        state.withLock { state in
            state.streams[backup.stream.declaration.name] = backup.stream
            state.interruptions += 1
        }
    }

    /// Has a consumer without a leader: nobody is told of it or given anything by it before it is made anew.
    package func silence(_ durable: String, of stream: String) {
        state.withLock { $0.streams[stream]?.consumers[durable]?.isSilent = true }
    }
}

extension MemoryStream {
    fileprivate var withoutWaiters: MemoryStream {
        var copy = self
        for durable in copy.consumers.keys { copy.consumers[durable]?.waiters = [] }
        return copy
    }
}
