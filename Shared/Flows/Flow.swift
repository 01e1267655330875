import Contracts

/// The program of a workflow as a value: its steps, and what follows what.
///
/// It is kept in the workflow's row at submission, and the workflow goes on with it whatever the program's version. What
/// a request asks for (repair rounds, approvals) is part of it, so that no step needs to know.
package struct Flow: Sendable, Hashable, Codable {
    package let name: String
    /// The first is where it begins.
    package let steps: [Step]

    package init(name: String, steps: [Step]) {
        self.name = name
        self.steps = steps
    }

    /// One step: the kind of work, and where each outcome leads.
    package struct Step: Sendable, Hashable, Codable {
        package let name: Stage
        package let kind: StepKind
        package let next: [Outcome: Edge]

        package init(_ name: Stage, _ kind: StepKind, next: [Outcome: Edge]) {
            self.name = name
            self.kind = kind
            self.next = next
        }
    }

    /// Where an outcome leads.
    package enum Edge: Sendable, Hashable {
        /// To another step; where an approval is named, once a person has given it.
        case step(Stage, approval: String? = nil)
        /// Back to a step, for another round: at most so many in the whole workflow, then it ends.
        case round(Stage, most: Int, otherwise: TerminalStatus)
        /// To a step that begins afresh, because what it recorded does not do.
        case afresh(Stage)
        /// To the end.
        case end(TerminalStatus)
    }

    /// What follows a step.
    package enum Move: Sendable, Hashable {
        case step(Stage, round: Int, approval: String?)
        case afresh(Stage)
        case end(TerminalStatus)
    }

    /// Where it begins.
    package var first: Step? { steps.first }

    package subscript(name: Stage) -> Step? { steps.first { $0.name == name } }

    /// The one place that decides where a workflow goes: what follows `outcome` of `step` in `round`. `nil` where there is
    /// no such step or no such outcome.
    package func next(after outcome: Outcome, of step: Stage, round: Int) -> Move? {
        switch self[step]?.next[outcome] {
        case .step(let next, let approval): .step(next, round: round, approval: approval)
        case .round(let next, let most, let otherwise):
            round < most ? .step(next, round: round + 1, approval: nil) : .end(otherwise)
        case .afresh(let next): .afresh(next)
        case .end(let status): .end(status)
        case nil: nil
        }
    }

    /// What has to be approved on some way to a step; `nil` for nothing.
    package func approval(before step: Stage) -> String? {
        steps.lazy.flatMap(\.next.values).compactMap { edge in
            if case .step(step, let approval) = edge { approval } else { nil }
        }.first
    }
}
