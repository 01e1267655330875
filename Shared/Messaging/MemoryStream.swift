import DequeModule
import FoundationEssentials

/// A stream of the in-memory bus: what it stored, the ids it remembers, and its consumers.
struct MemoryStream {
    /// One stored message.
    struct Stored {
        let sequence: UInt64
        let message: BusMessage
        let time: ContinuousClock.Instant
        let date = Date()
    }

    private(set) var declaration: StreamDeclaration
    let created = Date()
    var consumers: [String: MemoryConsumer] = [:]
    private(set) var messages: Deque<Stored> = []
    private(set) var lastSequence: UInt64 = 0
    private var ids: [String: (sequence: UInt64, time: ContinuousClock.Instant)] = [:]

    init(_ declaration: StreamDeclaration) { self.declaration = declaration }

    mutating func update(_ declaration: StreamDeclaration) {
        let subjects = Subject.union(self.declaration.subjects, declaration.subjects)
        self.declaration = declaration
        self.declaration.subjects = subjects
    }

    func stores(_ subject: String) -> Bool {
        declaration.subjects.contains { Subject.matches(subject, $0) }
    }

    /// Stores the message, unless one of its id was stored within the window.
    mutating func store(_ message: BusMessage) throws(BusError) -> PublishReceipt {
        if declaration.maxMessageSize >= 0, message.size > declaration.maxMessageSize {
            throw BusError(.payloadTooLarge, "message size exceeds maximum allowed by the stream")
        }
        let now = ContinuousClock.now
        expire(now)
        let id = message.headers[BusMessage.messageIDHeader]
        if let id, let first = ids[id], first.time + declaration.duplicateWindow > now {
            return PublishReceipt(stream: declaration.name, sequence: first.sequence, isDuplicate: true)
        }
        lastSequence += 1
        if let id { ids[id] = (lastSequence, now) }
        var stored = message
        stored.reply = nil
        messages.append(Stored(sequence: lastSequence, message: stored, time: now))
        return PublishReceipt(stream: declaration.name, sequence: lastSequence, isDuplicate: false)
    }

    /// Drops messages that are too old.
    mutating func expire(_ now: ContinuousClock.Instant) {
        guard declaration.maxAge > .zero else { return }
        messages.removeFirst(messages.firstIndex { $0.time + declaration.maxAge > now } ?? messages.count)
    }

    func message(_ sequence: UInt64) -> Stored? {
        let index = index(from: sequence)
        return index < messages.count && messages[index].sequence == sequence ? messages[index] : nil
    }

    /// The first message at or after `sequence` that falls under `filter`.
    func first(from sequence: UInt64, filter: String) -> Stored? {
        messages[index(from: sequence)...].first { Subject.matches($0.message.subject, filter) }
    }

    func count(from sequence: UInt64, filter: String) -> Int {
        messages[index(from: sequence)...].count { Subject.matches($0.message.subject, filter) }
    }

    func last(filter: String) -> Stored? {
        messages.last { Subject.matches($0.message.subject, filter) }
    }

    /// Removes a message. Returns whether it was there, with this subject.
    mutating func erase(_ sequence: UInt64, _ subject: String) -> Bool {
        guard message(sequence)?.message.subject == subject else { return false }
        messages.remove(at: index(from: sequence))
        return true
    }

    var state: StreamState {
        StreamState(
            firstSequence: messages.first?.sequence ?? lastSequence + 1, lastSequence: lastSequence,
            messages: UInt64(messages.count), created: created, subjects: declaration.subjects)
    }

    /// The index of the first message at or after `sequence`, by bisection.
    private func index(from sequence: UInt64) -> Int {
        var low = 0
        var high = messages.count
        while low < high {
            let middle = (low + high) / 2
            if messages[middle].sequence < sequence { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
