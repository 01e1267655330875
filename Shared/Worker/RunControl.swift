import Foundations
import Synchronization
import TaskStore

/// What is known of a run while it goes on: what the heartbeat learnt, how long the lease surely holds, and when the
/// stage last got somewhere.
package final class RunControl: Sendable {
    private struct State {
        var hasSteering = false
        var maxCostUSD: Double?
        var held: ContinuousClock.Instant
        /// Of the newest heartbeat that was answered.
        var asked: ContinuousClock.Instant
        var isRevoked = false
        var progressed = ContinuousClock.now
        var waiting: [RunRecord] = []
    }

    private let state: Mutex<State>
    private let reason = Promise<StopReason>()

    /// - Parameter moment: When the lease was asked for that was then granted.
    package init(maxCostUSD: Double?, heldSince moment: ContinuousClock.Instant = .now) {
        state = Mutex(State(maxCostUSD: maxCostUSD, held: moment, asked: moment))
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

    /// Keeps what waits to be recorded, see ``StageContext/hold(_:)``.
    func hold(_ record: RunRecord) { state.withLock { $0.waiting.append(record) } }

    /// Gives what waits to whoever records it.
    func takeWaiting() -> [RunRecord] {
        state.withLock { state in
            defer { state.waiting = [] }
            return state.waiting
        }
    }

    /// What was taken and could not be recorded waits again, before what came after it.
    func putBack(_ records: [RunRecord]) { state.withLock { $0.waiting.insert(contentsOf: records, at: 0) } }

    /// Waits for a heartbeat that tells the run to stop, and why. To be awaited once.
    func toldToStop() async throws -> StopReason { try await reason.value() }
}

extension RunControl: LeaseHolder {
    package func learnt(_ reply: HeartbeatReply?, askedAt moment: ContinuousClock.Instant) {
        guard let reply else { return _ = reason.succeed(.leaseLost) }
        if reply.isExtended { held(since: moment) }
        state.withLock { state in
            // An answer that was overtaken by a newer one tells nothing.
            guard moment >= state.asked else { return }
            state.asked = moment
            state.hasSteering = reply.hasSteering
            state.maxCostUSD = reply.maxCostUSD
        }
        if let stop = reply.reasonToStop { reason.succeed(stop) }
    }
}

extension HeartbeatReply {
    fileprivate var reasonToStop: StopReason? {
        if cancelRequested { return .cancelled }
        if pauseRequested { return .paused }
        return deadlinePassed ? .timedOut : nil
    }
}
