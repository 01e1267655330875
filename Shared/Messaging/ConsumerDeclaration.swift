/// A durable pull consumer as it should be: every message acknowledged one by one, delivered until it is.
package struct ConsumerDeclaration: Sendable, Equatable {
    package var durable: String
    /// The pattern of what it delivers.
    package var filterSubject: String
    /// How long after a delivery an unacknowledged message is delivered again.
    package var ackWait: Duration
    /// How many deliveries may be unacknowledged at a time, over all replicas.
    package var maxAckPending: Int

    package init(
        durable: String, filterSubject: String, ackWait: Duration = .seconds(30), maxAckPending: Int = 1_000
    ) {
        self.durable = durable
        self.filterSubject = filterSubject
        self.ackWait = ackWait
        self.maxAckPending = maxAckPending
    }

    /// Throws ``BusError/Code/invalidSubject`` for a name or pattern that is not well formed.
    package func validate() throws(BusError) {
        try Subject.validateName(durable)
        try Subject.validatePattern(filterSubject)
    }
}
