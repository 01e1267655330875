import FoundationEssentials
import Foundations
import Synchronization

/// A bus inside one process with the behaviour of the real one, for tests and for trying things out.
///
/// It passes the same conformance suite as the real bus. Nothing survives the process.
package final class InMemoryBus: MessageBus {
    struct State {
        var router = MemoryRouter()
        var streams: [String: MemoryStream] = [:]
        var lastID: UInt64 = 0
        var interruptions = 0

        mutating func newID() -> UInt64 {
            lastID += 1
            return lastID
        }
    }

    /// The largest message in bytes, headers included.
    package static let maximumPayload = 1_048_576

    let state = Mutex(State())
    let deadlines = Deadlines(label: "messaging.memory.deadlines")

    package init() {}

    package var isConnected: Bool { true }

    package var interruptions: Int { state.withLock { $0.interruptions } }

    package func newInbox() -> String { "_INBOX.\(UUID().text)" }

    package func publish(_ message: BusMessage, messageID: String?) async throws -> PublishReceipt {
        var message = message
        message.reply = nil
        if let messageID { message.headers[BusMessage.messageIDHeader] = messageID }
        guard let receipt = try dispatch(message).receipt else {
            throw BusError(.noResponders, "no stream stores the subject")
        }
        return receipt
    }

    package func send(_ message: BusMessage) async throws { _ = try dispatch(message) }

    package func request(_ message: BusMessage, timeout: Duration) async throws -> BusMessage {
        var message = message
        let inbox = newInbox()
        message.reply = inbox
        let promise = Promise<BusMessage>()
        let id = state.withLock { state in
            let id = state.newID()
            state.router.add(id, pattern: inbox, queueGroup: nil) { promise.succeed($0) }
            return id
        }
        let deadline = deadlines.schedule(after: timeout) {
            promise.fail(BusError(.timeout, "no answer within \(timeout)"))
        }
        defer {
            deadlines.cancel(deadline)
            state.withLock { $0.router.remove(id) }
        }
        guard try dispatch(message).reached else { throw BusError(.noResponders, "nobody answers on the subject") }
        return try await promise.value()
    }

    package func subscribe(_ pattern: String, queueGroup: String?) async throws -> BusSubscription {
        try Subject.validatePattern(pattern)
        if let queueGroup { try Subject.validateName(queueGroup) }
        return await BusSubscription { continuation in
            let id = state.withLock { state in
                let id = state.newID()
                state.router.add(id, pattern: pattern, queueGroup: queueGroup) { continuation.yield($0) }
                return id
            }
            return { [weak self] in self?.state.withLock { $0.router.remove(id) } }
        }
    }

    /// Stores the message where a stream takes it and hands it to the subscribers.
    ///
    /// A stream that stores a message with a reply subject answers there, as the real server does.
    private func dispatch(_ message: BusMessage) throws -> (receipt: PublishReceipt?, reached: Bool) {
        try message.validate()
        guard message.size <= Self.maximumPayload else {
            throw BusError(.payloadTooLarge, "the message exceeds \(Self.maximumPayload) bytes")
        }
        let (receipt, sinks) = try state.withLock { state in
            let name = state.streams.values.first { $0.stores(message.subject) }?.declaration.name
            let receipt = try name.flatMap { try state.streams[$0]?.store(message) }
            return (receipt, state.router.sinks(for: message.subject))
        }
        for sink in sinks { sink(message) }
        guard let receipt else { return (nil, !sinks.isEmpty) }
        serve(receipt.stream)
        if let reply = message.reply { try confirm(receipt, to: reply) }
        return (receipt, true)
    }

    private func confirm(_ receipt: PublishReceipt, to reply: String) throws {
        var answer: [String: JSONValue] = ["stream": .string(receipt.stream), "seq": .int(Int(receipt.sequence))]
        if receipt.isDuplicate { answer["duplicate"] = true }
        let message = BusMessage(subject: reply, payload: try JSONValue.object(answer).data())
        for sink in state.withLock({ $0.router.sinks(for: reply) }) { sink(message) }
    }
}
