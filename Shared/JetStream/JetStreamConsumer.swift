import FoundationEssentials
import Foundations
import Logging
import Messaging
import Synchronization

/// A durable pull consumer: asks the server for one message per waiting task.
///
/// The server answers a request on this consumer's own inbox with a message or a status. A message is for whoever has
/// waited longest; if nobody does any more (the task was cancelled), it is given back to the server at once.
final class JetStreamConsumer: PullConsumer {
    private let connection: NATSConnection
    private let deadlines: Deadlines
    private let inbox: String
    private let stream: String
    private let durable: String
    private let filter: String
    private let logger: Logger
    private let demand = Mutex(PullDemand())
    private let lifetime = Mutex<(subscription: NATSSubscription, observer: UInt64)?>(nil)

    init(
        connection: NATSConnection, deadlines: Deadlines, inbox: String, stream: String, durable: String,
        filter: String, logger: Logger
    ) {
        self.connection = connection
        self.deadlines = deadlines
        self.inbox = inbox
        self.stream = stream
        self.durable = durable
        self.filter = filter
        self.logger = logger
    }

    deinit {
        if let observer = lifetime.withLock({ $0?.observer }) { connection.events.forget(observer) }
    }

    /// Subscribes to the answers and follows the connection.
    func start() async throws {
        let subscription = try await connection.subscribe("\(inbox).*") { [weak self] in self?.receive($0) }
        let observer = connection.events.observe { [weak self] in self?.follow($0) }
        lifetime.withLock { $0 = (subscription, observer) }
    }

    func next(waitingAtMost limit: Duration) async throws -> Delivery? {
        try Task.checkCancellation()
        if let end = connection.events.end { throw end }
        let promise = Promise<Delivery?>()
        let id = demand.withLock { $0.addWaiter(promise, until: .now + limit) }
        let deadline = deadlines.schedule(after: limit) { promise.succeed(nil) }
        defer {
            deadlines.cancel(deadline)
            demand.withLock { $0.removeWaiter(id) }
        }
        ask()
        watch()
        return try await promise.value()
    }

    /// Sends the requests that are missing, one per waiting task.
    private func ask() {
        if demand.withLock({ $0.isInDoubt() }) { confirm() }
        while let (id, wait) = demand.withLock({ $0.nextRequest() }) {
            let body = "{\"batch\":1,\"expires\":\(wait.nanoseconds)}"
            let message = BusMessage(
                subject: "$JS.API.CONSUMER.MSG.NEXT.\(stream).\(durable)", payload: Data(body.utf8),
                reply: "\(inbox).\(id)")
            post(message)
        }
    }

    /// Writes a message. One that is lost with the connection is made good when there is a new one.
    private func post(_ message: BusMessage) {
        connection.post(message) { _ in }
    }

    /// Looks after the requests while somebody waits: one can be lost without a word when the server starts.
    private func watch() {
        guard demand.withLock({ $0.planWatch() }) else { return }
        _ = deadlines.schedule(after: PullDemand.longestRequest) { [weak self] in
            self?.demand.withLock { $0.isWatched = false }
            self?.ask()
            self?.watch()
        }
    }

    /// Asks whether the consumer exists: a request to one that does not is met with silence.
    private func confirm() {
        let question = BusMessage(
            subject: "$JS.API.CONSUMER.INFO.\(stream).\(durable)", reply: "\(inbox).\(Self.confirmation)")
        post(question)
    }

    private static let confirmation = "info"

    private func confirmed(_ answer: IncomingMessage) {
        let value = try? JetStreamAPI.parse(answer.message.payload)
        if answer.status == nil, value?["config"] != nil {
            demand.withLock { $0.confirmed() }
            ask()
        } else if demand.withLock({ $0.isMissingForLong() }) {
            fail(missing)
        } else {
            // The server may be about to start, or a cluster to agree.
            _ = deadlines.schedule(after: .milliseconds(100)) { [weak self] in self?.confirm() }
        }
    }

    private func receive(_ answer: IncomingMessage) {
        if answer.message.subject == "\(inbox).\(Self.confirmation)" {
            confirmed(answer)
        } else if let address = DeliveryAddress(answer.message.reply) {
            guard Subject.matches(answer.message.subject, filter) else { return turnAway(answer.message, address) }
            deliver(answer.message, address)
        } else if let status = answer.status {
            let id = UInt64(answer.message.subject.dropFirst(inbox.count + 1))
            handle(status, answer.statusText, request: id)
        }
    }

    private func deliver(_ message: BusMessage, _ address: DeliveryAddress) {
        var message = message
        message.reply = nil
        let delivery = Delivery(
            message: message, stream: address.stream, sequence: address.sequence,
            deliveryCount: address.deliveryCount
        ) { [connection] answer in
            // Not waited for: whatever becomes of it, what it answers is done again at worst.
            if let end = connection.events.end { throw end }
            connection.post(address.message(answer)) { _ in }
        }
        demand.withLock { $0.answered() }
        while let promise = demand.withLock({ $0.takeWaiter() }) {
            if promise.succeed(delivery) { return }
        }
        post(address.message(.negativeAcknowledge(delay: nil)))
        ask()
    }

    /// Answers a message that is none of this consumer's, and asks for another.
    ///
    /// nats-server (seen with 2.9.10 and 2.10.27) delivers again by sequence alone. After its stream was put back, by a
    /// crash or in a cluster, another message can have the sequence of one that was delivered before.
    private func turnAway(_ message: BusMessage, _ address: DeliveryAddress) {
        logger.warning(
            "the server delivered a message of another subject, its stream was put back",
            metadata: ["consumer": "\(durable)", "subject": "\(message.subject)", "sequence": "\(address.sequence)"])
        demand.withLock { $0.answered() }
        post(address.message(.terminate))
        ask()
    }

    /// Handles a status of the server: 404 nothing there, 408 waited in vain, 409 refused or ended, 503 no consumer.
    private func handle(_ status: Int, _ text: String, request id: UInt64?) {
        guard status != 100 else { return }
        demand.withLock { $0.ended(request: id) }
        switch status {
        case 408: ask()
        case 409 where text.contains("Consumer Deleted") || text.contains("Consumer is push based"): fail(missing)
        case 503: confirm()
        default: askAgain()
        }
    }

    private func askAgain() {
        _ = deadlines.schedule(after: .milliseconds(100)) { [weak self] in self?.ask() }
    }

    private func follow(_ event: ConnectionEvents.Event) {
        switch event {
        case .connected:
            demand.withLock { $0.reset() }
            confirm()
        case .disconnected: demand.withLock { $0.reset() }
        case .refused(let subject):
            guard subject == "$JS.API.CONSUMER.MSG.NEXT.\(stream).\(durable)" else { return }
            fail(BusError(.permission, "the server refused to deliver to this user"))
        case .closed(let error): fail(error)
        }
    }

    private func fail(_ error: any Error) {
        for promise in demand.withLock({ $0.takeAllWaiters() }) { promise.fail(error) }
    }

    private var missing: BusError {
        BusError(.notFound, "consumer \(durable) of stream \(stream) does not exist", isRetriable: true)
    }
}
