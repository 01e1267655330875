import Contracts
import Flows
import Testing

/// The table of kinds says which may follow which: services have rights by it.
@Suite struct SuccessorTests {
    @Test(arguments: Flow.builtIn.map(\.name))
    func `whatever follows a step of a flow is among the successors of its kind`(_ name: String) throws {
        let make = try #require(Flow.builtIn.first { $0.name == name }).make
        for approval in DeliverySettings.Approval.allCases {
            let flow = make(.sample(approval: approval, rounds: 1))
            for step in flow.steps {
                for outcome in step.next.keys {
                    let next: Stage? =
                        switch flow.next(after: outcome, of: step.name, round: 0) {
                        case .step(let next, _, _), .afresh(let next): next
                        case .end, nil: nil
                        }
                    guard let kind = next.flatMap({ flow[$0]?.kind }) else { continue }
                    #expect(step.kind.row?.successors.contains(kind) == true, "\(step.kind) leads to \(kind)")
                }
            }
        }
    }
}
