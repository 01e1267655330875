import Contracts

/// Where a workflow is in its flow, as a pure value: which transitions exist, and what each leads to.
///
/// The store applies nothing that this type refuses, and the database repeats its invariants as constraints.
package struct Progress: Sendable, Hashable {
    package var status: TaskStatus
    /// The step whose run is the current, or the last, one.
    package var stage: Stage
    /// How often a step was gone back to for repair, from 0.
    package var round: Int
    /// The lease epoch: each claim raises it, and it never falls, so that no owner of an earlier step passes for the
    /// owner of a later one.
    package var epoch: Int
    /// A person was asked and has not approved: whatever ends the workflow meanwhile, nothing goes on without that.
    package var awaitsApproval: Bool
    /// It runs, but nobody has to do anything: its step waits for children or for a time, without an owner.
    package var isWaiting: Bool

    /// A workflow that was just recorded, with the first step of its flow.
    package init(first: Stage) { self.init(status: .queued, stage: first, round: 0, epoch: 0) }

    package init(
        status: TaskStatus, stage: Stage, round: Int, epoch: Int, awaitsApproval: Bool = false, isWaiting: Bool = false
    ) {
        self.status = status
        self.stage = stage
        self.round = round
        self.epoch = epoch
        self.awaitsApproval = awaitsApproval
        self.isWaiting = isWaiting
    }

    /// What can happen to a workflow.
    package enum Transition: Sendable, Hashable {
        /// A replica takes the ready run, or one whose lease expired.
        case claim
        /// The owner gives the run back, to be run again.
        case release(epoch: Int)
        /// The owner finds that what was recorded of its step does not do: it begins afresh.
        case beginAfresh(epoch: Int)
        /// The owner finished the step, and this follows, see ``Flow/next(after:of:round:)``.
        case finish(Flow.Move, epoch: Int)
        /// The owner has nothing to do until something happens: it leaves the run, which is claimed again then.
        case wait(epoch: Int)
        case approve
        case pause
        case resume
        /// The workflow ends whatever its flow says. `epoch` is `nil` where nobody owns the run (cancelled, timed out or
        /// skipped in the queue).
        case end(TerminalStatus, epoch: Int?)
        /// A failed workflow runs again from the step that failed; what nobody approved waits for approval again.
        case retry
    }

    /// Why a transition was refused.
    package enum Refusal: Error, Hashable {
        /// The workflow has ended.
        case alreadyEnded(TerminalStatus)
        /// The caller's lease is not the current one.
        case leaseLost
        /// There is no such transition from here.
        case notPossible(from: String)
    }

    /// This value after `transition`, or why it is refused.
    package func applying(_ transition: Transition) throws(Refusal) -> Progress {
        var result = self
        if case .ended(let ended) = status {
            guard transition == .retry, !ended.isSuccess else { throw .alreadyEnded(ended) }
            result.status = awaitsApproval ? .awaitingApproval : .queued
            return result
        }
        switch transition {
        case .claim:
            guard status == .queued || status == .running else { throw refused }
            result.status = .running
            result.epoch += 1
            result.isWaiting = false
        case .release(let epoch), .beginAfresh(let epoch):
            try requireOwner(epoch)
            result.status = .queued
        case .finish(let move, let epoch):
            try requireOwner(epoch)
            result.follow(move)
        case .wait(let epoch):
            try requireOwner(epoch)
            result.isWaiting = true
        case .approve:
            guard status == .awaitingApproval else { throw refused }
            result.status = .queued
            result.awaitsApproval = false
        case .pause:
            guard status == .queued || status == .running else { throw refused }
            result.status = .paused
            result.isWaiting = false
        case .resume:
            guard status == .paused else { throw refused }
            result.status = .queued
        case .end(let end, let epoch):
            if let epoch { try requireOwner(epoch) }
            result.status = .ended(end)
            result.isWaiting = false
        case .retry:
            throw refused
        }
        return result
    }

    private var refused: Refusal { .notPossible(from: status.rawValue) }

    private func requireOwner(_ epoch: Int) throws(Refusal) {
        guard epoch == self.epoch, status == .running, !isWaiting else { throw .leaseLost }
    }

    private mutating func follow(_ move: Flow.Move) {
        switch move {
        case .step(let next, let nextRound, let approval):
            (stage, round) = (next, nextRound)
            awaitsApproval = approval != nil
            status = awaitsApproval ? .awaitingApproval : .queued
        case .afresh(let next): (stage, status) = (next, .queued)
        case .end(let end): status = .ended(end)
        }
    }
}
