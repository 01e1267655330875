import Contracts

/// Why a flow is none.
package enum FlowFault: Error, Hashable, CustomStringConvertible {
    case empty
    case nameTwice(Stage)
    case unknownKind(StepKind)
    case noSuchStep(Stage)
    /// Nothing says what follows an outcome.
    case noEdge(Stage, Outcome)
    /// An edge for what cannot come of a step of this kind.
    case noSuchOutcome(Stage, Outcome)
    case unreachable(Stage)
    /// Steps follow each other in a circle without counting rounds.
    case endless(Stage)
    /// It may complete without evidence of a validation.
    case unproven(Stage)

    package var description: String {
        switch self {
        case .empty: "the flow has no step"
        case .nameTwice(let step): "two steps are named \(step)"
        case .unknownKind(let kind): "there are no steps of the kind \(kind)"
        case .noSuchStep(let step): "there is no step \(step)"
        case .noEdge(let step, let outcome): "nothing follows the outcome \(outcome) of \(step)"
        case .noSuchOutcome(let step, let outcome): "\(step) has no outcome \(outcome)"
        case .unreachable(let step): "nothing leads to \(step)"
        case .endless(let step): "\(step) can follow itself without end"
        case .unproven(let step): "it may complete after \(step) without a validation"
        }
    }
}

extension Flow {
    /// What is wrong with it, in the order of its steps; empty for a flow that ends in every case, whose steps can all be
    /// reached, and which completes only with a validation behind it.
    package func faults(kinds: [StepKind.Row] = StepKind.rows) -> [FlowFault] {
        guard let first else { return [.empty] }
        let rows = Dictionary(kinds.map { ($0.kind, $0) }) { first, _ in first }
        let local = steps.indices.flatMap { faults(ofStepAt: $0, rows) }
        guard local.isEmpty else { return local }
        let (reached, proven) = (reachable(from: first), provenSteps(from: first, rows))
        return steps.compactMap { reached.contains($0.name) ? nil : .unreachable($0.name) }
            + steps.compactMap { canFollowItself($0) ? .endless($0.name) : nil }
            + steps.compactMap { $0.completes && !proven.contains($0.name) ? .unproven($0.name) : nil }
    }

    private func faults(ofStepAt index: Int, _ rows: [StepKind: StepKind.Row]) -> [FlowFault] {
        let step = steps[index]
        guard !steps[..<index].contains(where: { $0.name == step.name }) else { return [.nameTwice(step.name)] }
        guard let row = rows[step.kind] else { return [.unknownKind(step.kind)] }
        let given = Set(step.next.keys)
        return row.outcomes.subtracting(given).sorted().map { .noEdge(step.name, $0) }
            + given.subtracting(row.outcomes).sorted().map { .noSuchOutcome(step.name, $0) }
            + step.next.values.compactMap(\.target).filter { self[$0] == nil }.map { .noSuchStep($0) }
    }

    private func reachable(from first: Step) -> Set<Stage> {
        walk(from: [first.name]) { $0.next.values.compactMap(\.target) }
    }

    /// Rounds are counted, and so are beginnings afresh: neither goes on for ever.
    private func canFollowItself(_ step: Step) -> Bool {
        walk(from: step.plainSuccessors) { $0.plainSuccessors }.contains(step.name)
    }

    /// The steps that come only after, or are, one that gives evidence: those that cannot be reached without.
    private func provenSteps(from first: Step, _ rows: [StepKind: StepKind.Row]) -> Set<Stage> {
        func proves(_ step: Step) -> Bool { rows[step.kind]?.givesEvidence == true }
        let bare = walk(from: [first.name]) { proves($0) ? [] : $0.next.values.compactMap(\.target) }
        return Set(steps.filter { proves($0) || !bare.contains($0.name) }.map(\.name))
    }

    private func walk(from start: [Stage], _ successors: (Step) -> [Stage]) -> Set<Stage> {
        var (seen, waiting) = (Set(start), start)
        while let name = waiting.popLast() {
            for next in self[name].map(successors) ?? [] where seen.insert(next).inserted { waiting.append(next) }
        }
        return seen
    }
}

extension Flow.Step {
    fileprivate var plainSuccessors: [Stage] {
        next.values.compactMap { if case .step(let next, _) = $0 { next } else { nil } }
    }

    fileprivate var completes: Bool { next.values.contains(.end(.completed)) }
}

extension Flow.Edge {
    /// The step that it leads to; `nil` for the end.
    package var target: Stage? {
        switch self {
        case .step(let next, _), .round(let next, _, _), .afresh(let next): next
        case .end: nil
        }
    }
}

extension Set<Outcome> {
    fileprivate func sorted() -> [Outcome] { sorted { $0.rawValue < $1.rawValue } }
}
