import Testing

@testable import ServiceKit
@testable import StageKit

@Suite struct BudgetAndOutboxTests {
    @Test(arguments: [
        (0.0, 0.4, []), (0.4, 0.5, [50]), (0.4, 1.2, [50, 80, 100]), (0.5, 0.79, []), (0.8, 0.9, []), (0.9, 1.0, [100]),
    ])
    func `each share of the budget is told once when it is passed`(_ before: Double, _ after: Double, _ told: [Int]) {
        #expect(BudgetThresholds.passed(from: before, to: after, of: 1) == told)
    }

    @Test func `ids are known for a while, and then forgotten`() {
        var ids = RecentIDs<Int64>(age: .seconds(2))
        let start = ContinuousClock.now
        for id in 0..<5_000 { ids.insert(Int64(id), at: start + .milliseconds(id)) }
        let now = start + .milliseconds(4_999)
        #expect((0..<5_000).filter { ids.contains(Int64($0), at: now) } == Array(3_000..<5_000))
        ids.insert(7, at: now)
        #expect(ids.contains(7, at: now))
    }
}
