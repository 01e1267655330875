/// What the owner of a lease learns by a heartbeat.
package struct HeartbeatReply: Sendable, Hashable {
    /// Whether the lease was extended. It holds also where it was not, but another transaction is at work on its run at this
    /// moment: ask again.
    package var isExtended = true
    /// Stop, and end the workflow as `cancelled`.
    package var cancelRequested = false
    /// Stop, and give the run back: it goes on from its journal when the workflow does.
    package var pauseRequested = false
    /// Messages wait for the model, see ``TaskStore/steering(_:)``.
    package var hasSteering = false
    /// The budget in force.
    package var maxCostUSD: Double?
    /// Stop, and end the workflow as `timed_out`.
    package var deadlinePassed = false

    package init() {}
}
