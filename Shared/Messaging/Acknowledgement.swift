/// How a delivery is answered.
package enum Acknowledgement: Sendable, Equatable {
    /// Done: never deliver it again.
    case acknowledge
    /// Deliver it again, at once or after a delay.
    case negativeAcknowledge(delay: Duration?)
    /// It can never be done: do not deliver it again.
    case terminate
}
