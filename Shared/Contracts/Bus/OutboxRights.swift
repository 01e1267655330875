/// What a service may publish of the outbox. The rest it leaves to the relay.
package struct OutboxRights: Sendable, Hashable {
    package let events: [EventType]
    package let permits: [StepKind]
    /// Whether it may look what the stream holds: submissions pass through it, with credentials in clear.
    package let readsStream: Bool
    private let names: Set<String>

    package init(events: [EventType], permits: [StepKind], readsStream: Bool) {
        self.events = events
        self.permits = permits
        self.readsStream = readsStream
        names = Set(events.map(\.rawValue) + permits.map(\.permit))
    }

    /// Whether a message of this subject is among them.
    package func covers(_ subject: String) -> Bool {
        names.contains(subject.split(separator: ".").last.map(String.init) ?? "")
    }

    /// Of the messages of a workflow, in their order, those that may be published: all before the first that may not,
    /// because none may overtake another.
    package func publishable<Message>(_ messages: [Message], subject: (Message) -> String) -> [Message] {
        Array(messages.prefix { covers(subject($0)) })
    }
}
