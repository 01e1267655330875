/// What follows an attempt.
package enum WebhookOutcome: Sendable, Hashable {
    case delivered
    case retry(after: Duration)
    /// No attempt is left; it can be replayed by hand.
    case dead
    /// The endpoint asked for no more (410), or there is none.
    case endpointDisabled(reason: String)
}
