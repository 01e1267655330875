/// The core side of the in-memory bus: who is subscribed to what.
struct MemoryRouter {
    typealias Sink = @Sendable (BusMessage) -> Void

    private struct Subscriber {
        let pattern: String
        let queueGroup: String?
        let sink: Sink
    }

    private var subscribers: [UInt64: Subscriber] = [:]

    mutating func add(_ id: UInt64, pattern: String, queueGroup: String?, sink: @escaping Sink) {
        subscribers[id] = Subscriber(pattern: pattern, queueGroup: queueGroup, sink: sink)
    }

    mutating func remove(_ id: UInt64) { subscribers[id] = nil }

    /// Who gets a message on `subject`: every plain subscriber and one member, at random, of every queue group.
    func sinks(for subject: String) -> [Sink] {
        let matching = subscribers.values.filter { Subject.matches(subject, $0.pattern) }
        let groups = Dictionary(grouping: matching.filter { $0.queueGroup != nil }, by: \.queueGroup)
        let members = groups.values.compactMap { $0.randomElement() }
        return (matching.filter { $0.queueGroup == nil } + members).map(\.sink)
    }
}
