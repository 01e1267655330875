import Contracts
import Foundations
import Testing

@Suite struct StepKindTests {
    @Test func `each kind has one row with a consumer of its own`() {
        let rows = StepKind.rows
        #expect(Set(rows.map(\.kind)).count == rows.count && Set(rows.map(\.consumer)).count == rows.count)
        #expect(rows.allSatisfy { $0.kind.row == $0 && !$0.outcomes.isEmpty && TaskID.accepts($0.consumer) })
        let others = [
            StreamNames.intake, StreamNames.webhookCompleted, StreamNames.webhookFailed, StreamNames.notifyCompleted,
            StreamNames.notifyFailed, StreamNames.notifyApprovals, StreamNames.notifyBudgets,
            StreamNames.notifyCheckpoints,
        ]
        #expect(Set(rows.map(\.consumer)).isDisjoint(with: others))
        #expect(StepKind(rawValue: "other")?.row == nil)
    }

    @Test func `permits are no events and no requests`() {
        let permits = StepKind.rows.map(\.kind.permit)
        #expect(
            permits.sorted() == [
                "implementation_requested", "plan_requested", "push_requested", "validation_requested",
            ])
        let others = EventType.allCases.map(\.rawValue) + RequestType.allCases.map(\.rawValue)
        #expect(Set(permits).isDisjoint(with: others))
    }

    @Test(arguments: ["", "Plan", "a.b", "a-b", "a*", "a>", "a b", "é", "plan\0", String(repeating: "a", count: 41)])
    func `what is no word is no kind, no step and no outcome`(_ text: String) {
        #expect(StepKind(rawValue: text) == nil && Stage(rawValue: text) == nil && Outcome(rawValue: text) == nil)
        #expect(throws: (any Error).self) { try JSON.decode([Stage].self, from: JSON.encode([text])) }
    }

    @Test func `a word is the same after writing and reading`() throws {
        let words = ["a", "graph_step", String(repeating: "z", count: 40)].compactMap { StepKind(rawValue: $0) }
        #expect(words.count == 3)
        #expect(try JSON.decode([StepKind].self, from: JSON.encode(words)) == words)
    }
}
