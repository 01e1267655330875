import Foundation
import TestSupport
import Testing

@testable import ServiceKit

@Suite struct MetricsTests {
    @Test func `counters, gauges and histograms are printed in the format of Prometheus`() throws {
        let registry = MetricsRegistry()
        registry.count(.claims, "plan", "taken", by: 2)
        registry.set(.outboxAge, to: 0.25)
        let times = Metric("test_seconds", .histogram([0.5, 1]), "Times.\nOf \\ tests.", labels: ["stage"])
        for seconds in [0.5, 0.75, 2] { registry.observe(times, "plan\"\n\\", value: seconds) }
        #expect(
            registry.text == #"""
                # HELP automata_claims_total Attempts to take work, by kind and whether there was some.
                # TYPE automata_claims_total counter
                automata_claims_total{kind="plan",result="taken"} 2
                # HELP automata_outbox_oldest_seconds How long the oldest unpublished message has waited.
                # TYPE automata_outbox_oldest_seconds gauge
                automata_outbox_oldest_seconds 0.25
                # HELP test_seconds Times.\nOf \\ tests.
                # TYPE test_seconds histogram
                test_seconds_bucket{stage="plan\"\n\\",le="0.5"} 1
                test_seconds_bucket{stage="plan\"\n\\",le="1"} 2
                test_seconds_bucket{stage="plan\"\n\\",le="+Inf"} 3
                test_seconds_sum{stage="plan\"\n\\"} 3.25
                test_seconds_count{stage="plan\"\n\\"} 3

                """#)
        #expect(try Exposition(registry.text).total("test_seconds") == 3)
    }

    @Test func `whoever makes up names fills no memory`() throws {
        let registry = MetricsRegistry()
        for number in 0..<1000 {
            registry.count(.modelCalls, "made-up-\(number)" + String(repeating: "x", count: 500), "ok")
        }
        let text = try Exposition(registry.text)
        #expect(text.families["automata_model_calls_total"]?.samples.count == MetricsRegistry.maxSeries + 1)
        #expect(text.total("automata_model_calls_total", #"model="other""#) == 900)
        #expect(text.total("automata_model_calls_total") == 1000)
        #expect(registry.text.utf8.count < 32_000)
    }

    @Test func `what is no number counts for nothing`() throws {
        let registry = MetricsRegistry()
        registry.count(.modelCost, "m", by: .nan)
        registry.count(.modelCost, "m", by: -1)
        registry.count(.modelCost, "m", by: .infinity)
        registry.observe(.modelSeconds, "m", value: .nan)
        registry.set(.outboxDepth, to: 1e300)
        let text = try Exposition(registry.text)
        #expect(text.total("automata_model_cost_dollars_total") == 0)
        #expect(text.total("automata_model_call_seconds") == 0)
        #expect(text.total("automata_outbox_unpublished") == 1e300)
    }

    @Test func `what is forgotten is not printed, and sources are asked at each print`() throws {
        let registry = MetricsRegistry()
        registry.set(.queueDepth, "plan", "ready", to: 3)
        registry.clear(.queueDepth)
        registry.collect { $0.count(.submissions, "accepted") }
        #expect(try Exposition(registry.text).families.keys.sorted() == ["automata_submissions_total"])
        #expect(try Exposition(registry.text).total("automata_submissions_total") == 2)
    }

    @Test func `a process tells its memory, processor time and files`() throws {
        let registry = MetricsRegistry()
        registry.collectProcess(service: "tests", version: "1")
        let text = try Exposition(registry.text)
        #expect(text.total("process_resident_memory_bytes") > 1e6)
        #expect(text.total("process_cpu_seconds_total") > 0)
        #expect(text.total("process_open_fds") >= 3)
        #expect(text.total("process_max_fds") >= text.total("process_open_fds"))
        #expect(abs(text.total("process_start_time_seconds") - Date().timeIntervalSince1970) < 60)
        #expect(text.total("automata_build_info", #"service="tests""#) == 1)
    }
}
