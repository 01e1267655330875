import Contracts
import Testing

/// Explores every state that can be reached within a few repair rounds and claims, by every transition.
@Suite struct LifecycleTests {
    private static let transitions: [Lifecycle.Transition] = {
        let epochs = 0...4
        var all: [Lifecycle.Transition] = [.claim, .approve, .pause, .resume, .retry]
        for epoch in epochs {
            all.append(.release(epoch: epoch))
            for stage in Stage.allCases {
                all += [
                    .advance(to: stage, epoch: epoch), .awaitApproval(of: stage, epoch: epoch),
                    .beginAfresh(at: stage, epoch: epoch),
                ]
            }
        }
        for status in TerminalStatus.allCases {
            all += [.end(status, epoch: nil)] + epochs.map { .end(status, epoch: $0) }
        }
        return all
    }()

    /// Every reachable state of at most 4 claims and 2 repair rounds.
    private static let states: Set<Lifecycle> = {
        var known: Set<Lifecycle> = [Lifecycle()]
        var waiting: [Lifecycle] = [Lifecycle()]
        while let state = waiting.popLast() {
            for transition in transitions {
                guard let next = try? state.applying(transition), next.epoch <= 4, next.round <= 2,
                    known.insert(next).inserted
                else { continue }
                waiting.append(next)
            }
        }
        return known
    }()

    /// Every transition that is possible in one of these states.
    private static let steps: [(from: Lifecycle, by: Lifecycle.Transition, to: Lifecycle)] = states.flatMap { state in
        transitions.compactMap { transition in
            (try? state.applying(transition)).map { (state, transition, $0) }
        }
    }

    /// The epoch that a transition claims to own.
    private static func owner(_ transition: Lifecycle.Transition) -> Int? {
        switch transition {
        case .release(let epoch), .advance(_, let epoch), .awaitApproval(_, let epoch), .beginAfresh(_, let epoch):
            epoch
        case .end(_, let epoch): epoch
        case .claim, .approve, .pause, .resume, .retry: nil
        }
    }

    @Test func `the state space is what it should be`() {
        #expect(Self.states.count > 250)
        #expect(Set(Self.states.map(\.stage)) == Set(Stage.allCases))
        let ends = Self.states.compactMap { if case .ended(let end) = $0.status { end } else { nil } }
        #expect(Set(ends) == Set(TerminalStatus.allCases))
    }

    @Test func `only a retry of a failure leaves an end`() {
        for (from, transition, to) in Self.steps {
            guard case .ended(let end) = from.status else { continue }
            let next: TaskStatus = from.awaitsApproval ? .awaitingApproval : .queued
            #expect(transition == .retry && !end.isSuccess && to.status == next, "\(from) \(transition)")
        }
    }

    @Test func `an end says how it ended to whoever comes late`() {
        for state in Self.states {
            guard case .ended(let end) = state.status else { continue }
            let answers = Self.transitions.filter { $0 != .retry }.map { transition in
                Result { () throws(Lifecycle.Refusal) in try state.applying(transition) }
            }
            #expect(answers.allSatisfy { $0 == .failure(.alreadyEnded(end)) })
        }
    }

    @Test func `nobody but the owner of the current epoch finishes, releases or ends a stage as its owner`() {
        for (from, transition, _) in Self.steps {
            guard let epoch = Self.owner(transition) else { continue }
            #expect(from.status == .running && epoch == from.epoch, "\(from) \(transition)")
        }
    }

    @Test func `an old epoch stays refused for ever`() {
        #expect(Self.steps.allSatisfy { $0.to.epoch >= $0.from.epoch })
        for (from, transition, to) in Self.steps where transition == .claim { #expect(to.epoch == from.epoch + 1) }
    }

    @Test func `every start of work has an epoch of its own`() {
        for (from, transition, to) in Self.steps where to.status == .running {
            #expect(transition == .claim, "\(from) \(transition)")
        }
    }

    @Test func `a stage leads only where the flow says, and only validation to implementation is a repair round`() {
        for (from, transition, to) in Self.steps where from.stage != to.stage {
            let row = Flow.row(from.stage)
            let places = if case .beginAfresh = transition { row.again } else { row.next }
            #expect(places.contains(to.stage), "\(from) \(transition)")
        }
        let wrong = Self.steps.filter { from, _, to in
            let isRepair = from.stage == .validation && to.stage == .implementation
            return to.round != from.round + (isRepair ? 1 : 0)
        }
        #expect(wrong.isEmpty)
    }

    @Test func `a paused workflow only resumes or ends, one that awaits approval is only approved or ends`() {
        for (from, transition, to) in Self.steps where !to.status.isTerminal {
            if from.status == .paused { #expect(transition == .resume) }
            if from.status == .awaitingApproval { #expect(transition == .approve) }
        }
    }

    @Test func `what awaits approval is not worked on before it is approved, however it ended and was retried`() {
        for (from, transition, to) in Self.steps where from.awaitsApproval {
            #expect(to.status == .awaitingApproval || to.status.isTerminal || transition == .approve)
            #expect(to.awaitsApproval != (transition == .approve))
        }
        #expect(Self.states.contains { $0.awaitsApproval && $0.status == .ended(.cancelled) })
    }

    @Test func `every open state can still end`() {
        for state in Self.states where !state.status.isTerminal {
            #expect(throws: Never.self) { try state.applying(.end(.cancelled, epoch: nil)) }
        }
    }

    @Test func `a stage is claimed again after its lease expired, and the old owner is refused`() throws {
        let first = try Lifecycle().applying(.claim)
        let second = try first.applying(.claim)
        #expect(throws: Lifecycle.Refusal.leaseLost) {
            try second.applying(.advance(to: .implementation, epoch: first.epoch))
        }
        #expect(try second.applying(.advance(to: .implementation, epoch: second.epoch)).stage == .implementation)
    }

    @Test func `the owner of an earlier stage does not pass for the owner of the next`() throws {
        let planner = try Lifecycle().applying(.claim)
        let coder = try planner.applying(.advance(to: .implementation, epoch: planner.epoch)).applying(.claim)
        #expect(throws: Lifecycle.Refusal.leaseLost) {
            try coder.applying(.advance(to: .validation, epoch: planner.epoch))
        }
    }
}
