import Contracts
import Flows
import Testing

/// Explores every state that can be reached within a few repair rounds and claims, by every transition.
@Suite struct ProgressTests {
    private static let flow = Flow.task(for: .sample(approval: .push, rounds: 2))
    private static let outcomes: [Outcome] = [.succeeded, .unchanged, .failed, .unrepairable, .stale]

    /// All that can happen in a state, and some that cannot.
    private static func transitions(_ state: Progress) -> [Progress.Transition] {
        let moves = outcomes.compactMap { flow.next(after: $0, of: state.stage, round: state.round) }
        let owned = (0...4).flatMap { epoch -> [Progress.Transition] in
            [.release(epoch: epoch), .beginAfresh(epoch: epoch), .wait(epoch: epoch)]
                + moves.map { .finish($0, epoch: epoch) }
                + TerminalStatus.allCases.map { .end($0, epoch: epoch) }
        }
        return [.claim, .approve, .pause, .resume, .retry] + owned
            + TerminalStatus.allCases.map { .end($0, epoch: nil) }
    }

    /// Every reachable state of at most 4 claims and 2 repair rounds.
    private static let states: Set<Progress> = {
        var known: Set<Progress> = [Progress(first: .plan)]
        var waiting = Array(known)
        while let state = waiting.popLast() {
            for transition in transitions(state) {
                guard let next = try? state.applying(transition), next.epoch <= 4, known.insert(next).inserted
                else { continue }
                waiting.append(next)
            }
        }
        return known
    }()

    /// Every transition that is possible in one of these states.
    private static let steps: [(from: Progress, by: Progress.Transition, to: Progress)] = states.flatMap { state in
        transitions(state).compactMap { transition in
            (try? state.applying(transition)).map { (state, transition, $0) }
        }
    }

    /// The epoch that a transition claims to own.
    private static func owner(_ transition: Progress.Transition) -> Int? {
        switch transition {
        case .release(let epoch), .finish(_, let epoch), .beginAfresh(let epoch), .wait(let epoch): epoch
        case .end(_, let epoch): epoch
        case .claim, .approve, .pause, .resume, .retry: nil
        }
    }

    @Test func `the state space is what it should be`() {
        #expect(Self.states.count > 250)
        #expect(Set(Self.states.map(\.stage)) == Set(Self.flow.steps.map(\.name)))
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
            let answers = Self.transitions(state).filter { $0 != .retry }.map { transition in
                Result { () throws(Progress.Refusal) in try state.applying(transition) }
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

    @Test func `what waits runs without an owner, until it is claimed again, paused or ended`() {
        for (from, transition, to) in Self.steps where from.isWaiting {
            #expect(from.status == .running && Self.owner(transition) == nil && !to.isWaiting, "\(transition)")
        }
        #expect(Self.states.contains { $0.isWaiting })
    }

    @Test func `an old epoch stays refused for ever`() {
        #expect(Self.steps.allSatisfy { $0.to.epoch >= $0.from.epoch })
        for (from, transition, to) in Self.steps where transition == .claim { #expect(to.epoch == from.epoch + 1) }
    }

    @Test func `every start of work has an epoch of its own`() {
        for (from, transition, to) in Self.steps where to.status == .running && !to.isWaiting {
            #expect(transition == .claim, "\(from) \(transition)")
        }
    }

    @Test func `a step leads only where the flow says, and only a round counts as one`() {
        for (from, transition, to) in Self.steps where from.stage != to.stage || from.round != to.round {
            guard case .finish(let move, _) = transition else {
                Issue.record("\(from) \(transition)")
                continue
            }
            switch move {
            case .step(let next, let round, _): #expect(to.stage == next && to.round == round)
            case .afresh(let next): #expect(to.stage == next && to.round == from.round)
            case .end: Issue.record("an end moves nothing")
            }
        }
        #expect(Self.states.map(\.round).max() == 1, "four claims reach one repair")
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

    @Test func `a run is claimed again after its lease expired, and the old owner is refused`() throws {
        let first = try Progress(first: .plan).applying(.claim)
        let second = try first.applying(.claim)
        let move = Flow.Move.step(.implementation, round: 0, approval: nil)
        #expect(throws: Progress.Refusal.leaseLost) { try second.applying(.finish(move, epoch: first.epoch)) }
        #expect(try second.applying(.finish(move, epoch: second.epoch)).stage == .implementation)
    }

    @Test func `the owner of an earlier step does not pass for the owner of the next`() throws {
        let planner = try Progress(first: .plan).applying(.claim)
        let coder = try planner.applying(
            .finish(.step(.implementation, round: 0, approval: nil), epoch: planner.epoch)
        ).applying(.claim)
        #expect(throws: Progress.Refusal.leaseLost) {
            try coder.applying(.finish(.step(.validation, round: 0, approval: nil), epoch: planner.epoch))
        }
    }
}
