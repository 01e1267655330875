/// A subscription that lasts as long as this object, unless it is cancelled before.
final class NATSSubscription: Sendable {
    private let context: SubscriptionContext
    /// Keeps the connection at least as long as its subscription.
    private let connection: NATSConnection

    init(context: SubscriptionContext, connection: NATSConnection) {
        self.context = context
        self.connection = connection
    }

    deinit { context.cancel() }

    /// Ends the subscription. What has arrived but was not handed out is dropped.
    func cancel() { context.cancel() }
}
