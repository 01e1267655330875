import Foundations
import ServiceKit
import Synchronization
import TaskStore

/// What is known of a run while it goes on: what the heartbeat learnt, how long the lease surely holds, and when the
/// stage last got somewhere.
package final class RunControl: Sendable {
    private struct State {
        var hasSteering = false
        var maxCostUSD: Double?
        var held = ContinuousClock.now
        var isRevoked = false
        var progressed = ContinuousClock.now
    }

    private let state = Mutex(State())
    private let bell = Doorbell()

    package init(maxCostUSD: Double?) {
        state.withLock { $0.maxCostUSD = maxCostUSD }
    }

    /// Whether messages wait for the model.
    package var hasSteering: Bool { state.withLock { $0.hasSteering } }

    /// The budget in force, in US dollars; it can be raised while the stage runs.
    package var maxCostUSD: Double? { state.withLock { $0.maxCostUSD } }

    /// The messages that waited were taken.
    package func tookSteering() { state.withLock { $0.hasSteering = false } }

    /// The stage finished a step: its time limit begins anew.
    package func progressed() { state.withLock { $0.progressed = .now } }

    /// When the stage last finished a step.
    var lastProgress: ContinuousClock.Instant { state.withLock { $0.progressed } }

    /// The last moment at which the lease was asked for and then granted.
    var lastHeld: ContinuousClock.Instant { state.withLock { $0.held } }

    /// Whether the run is not this handler's any more, whatever the clock says.
    var isRevoked: Bool { state.withLock { $0.isRevoked } }

    /// The handler did not end when it was told to: it begins nothing more.
    func revoke() { state.withLock { $0.isRevoked = true } }

    /// The lease was extended by a request of `moment`.
    func held(since moment: ContinuousClock.Instant) {
        state.withLock { $0.held = max($0.held, moment) }
    }

    /// A heartbeat was answered.
    func learnt(_ reply: HeartbeatReply) {
        state.withLock { state in
            state.hasSteering = reply.hasSteering
            state.maxCostUSD = reply.maxCostUSD
        }
    }

    /// Makes the next heartbeat happen now.
    func beatNow() { bell.ring() }

    /// Waits until it is time for a heartbeat: after `interval`, or at once when asked to.
    func waitForBeat(_ interval: Duration) async throws { try await bell.wait(atMost: interval) }
}
