/// What an owner learns when it extends its lease.
package struct HeartbeatReply: Sendable, Hashable {
    /// Stop, and end the workflow as `cancelled`.
    package let cancelRequested: Bool
    /// Stop, and give the run back: it goes on from its journal when the workflow does.
    package let pauseRequested: Bool
    /// Messages wait for the model, see ``TaskStore/steering(_:)``.
    package let hasSteering: Bool
    /// The budget in force.
    package let maxCostUSD: Double?
    /// Stop, and end the workflow as `timed_out`.
    package let deadlinePassed: Bool
}
