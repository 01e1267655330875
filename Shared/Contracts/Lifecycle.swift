/// The life of a workflow as a pure value: which transitions exist, and what each leads to.
///
/// The store applies nothing that this type refuses, and the database repeats its invariants as constraints.
package struct Lifecycle: Sendable, Hashable {
    package var status: TaskStatus
    package var stage: Stage
    /// The repair round of the implementation and validation stages, from 0.
    package var round: Int
    /// The lease epoch: each claim raises it, and it never falls, so that no owner of an earlier stage passes for the
    /// owner of a later one.
    package var epoch: Int
    /// A person was asked and has not approved: whatever ends the workflow meanwhile, nothing goes on without that.
    package var awaitsApproval: Bool

    /// A workflow that was just recorded.
    package init() {
        self.init(status: .queued, stage: Flow.first, round: 0, epoch: 0)
    }

    package init(status: TaskStatus, stage: Stage, round: Int, epoch: Int, awaitsApproval: Bool = false) {
        self.status = status
        self.stage = stage
        self.round = round
        self.epoch = epoch
        self.awaitsApproval = awaitsApproval
    }

    /// What can happen to a workflow.
    package enum Transition: Sendable, Hashable {
        /// A replica takes the ready stage, or a stage whose lease expired.
        case claim
        /// The owner gives the stage back, to be run again.
        case release(epoch: Int)
        /// The owner finds that what was recorded of a stage, its own or an earlier one, does not do: it begins afresh.
        case beginAfresh(at: Stage, epoch: Int)
        /// The owner finished the stage; the next one is ready.
        case advance(to: Stage, epoch: Int)
        /// The owner finished the stage; a person has to decide before the next one.
        case awaitApproval(of: Stage, epoch: Int)
        case approve
        case pause
        case resume
        /// The workflow ends. `epoch` is `nil` where nobody owns the stage (cancelled, timed out or skipped in the queue).
        case end(TerminalStatus, epoch: Int?)
        /// A failed workflow runs again from the stage that failed; what nobody approved waits for approval again.
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
    package func applying(_ transition: Transition) throws(Refusal) -> Lifecycle {
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
        case .release(let epoch):
            try requireOwner(epoch)
            result.status = .queued
        case .beginAfresh(let stage, let epoch):
            try requireOwner(epoch)
            guard Flow.row(self.stage).again.contains(stage) else { throw refused }
            result.stage = stage
            result.status = .queued
        case .advance(let next, let epoch):
            try requireOwner(epoch)
            try result.move(to: next)
            result.status = .queued
        case .awaitApproval(let next, let epoch):
            try requireOwner(epoch)
            try result.move(to: next)
            result.status = .awaitingApproval
            result.awaitsApproval = true
        case .approve:
            guard status == .awaitingApproval else { throw refused }
            result.status = .queued
            result.awaitsApproval = false
        case .pause:
            guard status == .queued || status == .running else { throw refused }
            result.status = .paused
        case .resume:
            guard status == .paused else { throw refused }
            result.status = .queued
        case .end(let end, let epoch):
            if let epoch { try requireOwner(epoch) }
            result.status = .ended(end)
        case .retry:
            throw refused
        }
        return result
    }

    private var refused: Refusal { .notPossible(from: status.rawValue) }

    private func requireOwner(_ epoch: Int) throws(Refusal) {
        guard epoch == self.epoch, status == .running else { throw .leaseLost }
    }

    private mutating func move(to next: Stage) throws(Refusal) {
        guard Flow.row(stage).next.contains(next) else { throw refused }
        if stage == .validation, next == .implementation { round += 1 }
        stage = next
    }
}
