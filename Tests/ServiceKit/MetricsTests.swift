import CoreMetrics
import ServiceKit
import StageKit
import Testing

@Suite struct MetricsTests {
    @Test func `counters, gauges and sums are printed in the format of Prometheus`() {
        let registry = MetricsRegistry()
        registry.makeCounter(label: "tasks.total", dimensions: [("status", "completed")]).increment(by: 2)
        registry.makeMeter(label: "slots_free", dimensions: []).set(3.0)
        let timer = registry.makeTimer(label: "stage_seconds", dimensions: [("stage", "plan\"\n")])
        timer.recordNanoseconds(500_000_000)
        timer.recordNanoseconds(1_000_000_000)
        #expect(
            registry.text == """
                # TYPE tasks_total counter
                tasks_total{status="completed"} 2.0
                # TYPE slots_free gauge
                slots_free 3.0
                # TYPE stage_seconds summary
                stage_seconds_count{stage="plan\\"\\n"} 2.0
                stage_seconds_sum{stage="plan\\"\\n"} 1.5

                """)
    }

    @Test(arguments: [
        (0.0, 0.4, []), (0.4, 0.5, [50]), (0.4, 0.81, [50, 80]), (0.8, 1.2, [100]), (1.2, 1.3, []),
    ])
    func `a budget is told of once at each threshold`(_ before: Double, _ after: Double, _ expected: [Int]) {
        #expect(BudgetThresholds.passed(from: before, to: after, of: 1) == expected)
    }
}
