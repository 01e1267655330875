import AgentRuns
import Testing

@Suite struct BudgetThresholdsTests {
    @Test(arguments: [
        (0.0, 0.4, []), (0.4, 0.5, [50]), (0.4, 1.2, [50, 80, 100]), (0.5, 0.79, []), (0.8, 0.9, []), (0.9, 1.0, [100]),
        (0.4, 0.81, [50, 80]), (0.8, 1.2, [100]), (1.2, 1.3, []),
    ])
    func `each share of the budget is told once when it is passed`(_ before: Double, _ after: Double, _ told: [Int]) {
        #expect(BudgetThresholds.passed(from: before, to: after, of: 1) == told)
    }
}
