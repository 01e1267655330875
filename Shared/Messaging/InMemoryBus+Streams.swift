import DequeModule
import FoundationEssentials
import Foundations
import Synchronization

extension InMemoryBus {
    package func declare(_ stream: StreamDeclaration, consumers: [ConsumerDeclaration]) async throws {
        try stream.validate()
        for consumer in consumers { try consumer.validate() }
        state.withLock { state in
            var memory = state.streams[stream.name] ?? MemoryStream(stream)
            memory.update(stream)
            for consumer in consumers {
                memory.consumers[consumer.durable, default: MemoryConsumer(consumer)].declaration = consumer
            }
            state.streams[stream.name] = memory
        }
        serve(stream.name)
    }

    package func consumerState(stream: String, durable: String) async throws -> ConsumerState? {
        try state.withLock { state in
            guard let memory = state.streams[stream], let consumer = memory.consumers[durable] else { return nil }
            guard !consumer.isSilent else { throw BusError(.timeout, "the consumer has no leader") }
            return consumer.state(in: memory)
        }
    }

    package func rewind(_ consumer: ConsumerDeclaration, of stream: String, to sequence: UInt64) async throws {
        let waiters = try state.withLock { state in
            guard state.streams[stream] != nil else { throw BusError(.notFound, "no such stream") }
            var memory = state.streams[stream]?.consumers[consumer.durable] ?? MemoryConsumer(consumer)
            defer { state.streams[stream]?.consumers[consumer.durable] = memory }
            memory.rewind(to: sequence)
            defer { memory.waiters = [] }
            return memory.waiters
        }
        for waiter in waiters { waiter.promise.fail(BusError(.notFound, "no such consumer", isRetriable: true)) }
    }

    package func erase(stream: String, sequence: UInt64, subject: String) async throws {
        let erased = state.withLock { $0.streams[stream]?.erase(sequence, subject) ?? false }
        guard erased else { throw BusError(.notFound, "no such stream or message") }
    }

    package func streamState(_ stream: String) async throws -> StreamState? {
        try Subject.validateName(stream)
        return state.withLock { state in
            state.streams[stream]?.expire(.now)
            return state.streams[stream]?.state
        }
    }

    package func lastMessage(
        stream: String, subject: String
    ) async throws -> (sequence: UInt64, message: BusMessage)? {
        try Subject.validatePattern(subject)
        return try state.withLock { state in
            guard let memory = state.streams[stream] else { throw BusError(.notFound, "no such stream") }
            return memory.last(filter: subject).map { ($0.sequence, $0.message) }
        }
    }

    package func nextMessage(
        stream: String, after sequence: UInt64, subject: String
    ) async throws -> (sequence: UInt64, time: Date, message: BusMessage)? {
        try Subject.validatePattern(subject)
        return try state.withLock { state in
            guard let memory = state.streams[stream] else { throw BusError(.notFound, "no such stream") }
            let next = memory.first(from: min(sequence, .max - 1) + 1, filter: subject)
            return next.map { ($0.sequence, $0.date, $0.message) }
        }
    }

    package func message(stream: String, sequence: UInt64) async throws -> BusMessage? {
        try state.withLock { state in
            guard let memory = state.streams[stream] else { throw BusError(.notFound, "no such stream") }
            return memory.message(sequence)?.message
        }
    }

    package func consumer(stream: String, durable: String) async throws -> any PullConsumer {
        guard state.withLock({ $0.streams[stream]?.consumers[durable] }) != nil else {
            throw BusError(.notFound, "no such consumer")
        }
        return MemoryPullConsumer(bus: self, stream: stream, durable: durable)
    }

    func answer(stream: String, durable: String, sequence: UInt64, _ answer: Acknowledgement) {
        state.withLock { $0.streams[stream]?.consumers[durable]?.answer(sequence, answer) }
        serve(stream)
    }

    /// Hands messages to whoever waits for one, now and when the next redelivery is due.
    func serve(_ stream: String) {
        let next = state.withLock { state -> ContinuousClock.Instant? in
            guard var memory = state.streams.removeValue(forKey: stream) else { return nil }
            memory.expire(.now)
            for durable in memory.consumers.keys { serve(&memory, durable) }
            state.streams[stream] = memory
            return memory.consumers.values.filter { !$0.waiters.isEmpty }.compactMap(\.nextRedelivery).min()
        }
        guard let next else { return }
        let wait = max(.zero, ContinuousClock.now.duration(to: next))
        _ = deadlines.schedule(after: wait) { [weak self] in self?.serve(stream) }
    }

    private func serve(_ memory: inout MemoryStream, _ durable: String) {
        while var consumer = memory.consumers[durable], !consumer.waiters.isEmpty {
            guard let (stored, deliveries) = consumer.take(from: memory) else { return }
            let waiter = consumer.waiters.removeFirst()
            let delivery = delivery(of: stored, deliveries: deliveries, stream: memory.declaration.name, durable)
            if !waiter.promise.succeed(delivery) { consumer.giveBack(stored.sequence) }
            memory.consumers[durable] = consumer
        }
    }

    private func delivery(
        of stored: MemoryStream.Stored, deliveries: Int, stream: String, _ durable: String
    ) -> Delivery {
        Delivery(
            message: stored.message, stream: stream, sequence: stored.sequence, deliveryCount: deliveries
        ) { [weak self] answer in
            self?.answer(stream: stream, durable: durable, sequence: stored.sequence, answer)
        }
    }
}
