import CoreMetrics
import Synchronization

/// Collects counters, gauges and sums in memory and prints them in the text format of Prometheus (version 0.0.4).
package final class MetricsRegistry: MetricsFactory {
    private struct Series: Hashable {
        let name: String
        let labels: String

        init(_ label: String, _ dimensions: [(String, String)]) {
            name = String(label.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
            let pairs = dimensions.map { key, value in
                let value = value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
                    .replacing("\n", with: "\\n")
                return "\(key)=\"\(value)\""
            }
            labels = pairs.isEmpty ? "" : "{\(pairs.joined(separator: ","))}"
        }
    }

    private struct Values {
        var counters: [Series: Double] = [:]
        var gauges: [Series: Double] = [:]
        var sums: [Series: (count: Int, sum: Double)] = [:]
    }

    private let values = Mutex(Values())

    package init() {}

    /// Every series, sorted by name.
    package var text: String {
        values.withLock { values in
            var lines: [String] = []
            func add(_ kind: String, _ series: [Series: [(suffix: String, value: Double)]]) {
                let names = Dictionary(grouping: series.keys, by: \.name)
                for name in names.keys.sorted() {
                    lines.append("# TYPE \(name) \(kind)")
                    for key in (names[name] ?? []).sorted(by: { $0.labels < $1.labels }) {
                        for (suffix, value) in series[key] ?? [] {
                            lines.append("\(name)\(suffix)\(key.labels) \(value)")
                        }
                    }
                }
            }
            add("counter", values.counters.mapValues { [("", $0)] })
            add("gauge", values.gauges.mapValues { [("", $0)] })
            add("summary", values.sums.mapValues { [("_count", Double($0.count)), ("_sum", $0.sum)] })
            return lines.joined(separator: "\n") + "\n"
        }
    }

    private func increment(_ series: Series, by amount: Double) {
        values.withLock { $0.counters[series, default: 0] += amount }
    }

    private func reset(_ series: Series) { values.withLock { $0.counters[series] = 0 } }

    private func set(_ series: Series, to value: Double) {
        values.withLock { $0.gauges[series] = value }
    }

    private func add(_ series: Series, _ amount: Double) {
        values.withLock { $0.gauges[series, default: 0] += amount }
    }

    private func observe(_ series: Series, _ value: Double) {
        values.withLock { values in
            let old = values.sums[series] ?? (0, 0)
            values.sums[series] = (old.count + 1, old.sum + value)
        }
    }
}

extension MetricsRegistry {
    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        Counter(registry: self, label: label, dimensions: dimensions)
    }

    package func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        Counter(registry: self, label: label, dimensions: dimensions)
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        Gauge(registry: self, label: label, dimensions: dimensions)
    }

    package func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        Summary(registry: self, label: label, dimensions: dimensions)
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        Summary(registry: self, label: label, dimensions: dimensions)
    }

    package func destroyCounter(_ handler: any CounterHandler) {}
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    package func destroyMeter(_ handler: any MeterHandler) {}
    package func destroyRecorder(_ handler: any RecorderHandler) {}
    package func destroyTimer(_ handler: any TimerHandler) {}

    private final class Counter: CounterHandler, FloatingPointCounterHandler {
        private let registry: MetricsRegistry
        private let series: Series

        init(registry: MetricsRegistry, label: String, dimensions: [(String, String)]) {
            self.registry = registry
            series = Series(label, dimensions)
            registry.increment(series, by: 0)
        }

        func increment(by amount: Int64) { registry.increment(series, by: Double(amount)) }
        func increment(by amount: Double) { registry.increment(series, by: amount) }
        func reset() { registry.reset(series) }
    }

    private final class Gauge: MeterHandler {
        private let registry: MetricsRegistry
        private let series: Series

        init(registry: MetricsRegistry, label: String, dimensions: [(String, String)]) {
            self.registry = registry
            series = Series(label, dimensions)
        }

        func set(_ value: Int64) { registry.set(series, to: Double(value)) }
        func set(_ value: Double) { registry.set(series, to: value) }
        func increment(by amount: Double) { registry.add(series, amount) }
        func decrement(by amount: Double) { registry.add(series, -amount) }
    }

    private final class Summary: RecorderHandler, TimerHandler {
        private let registry: MetricsRegistry
        private let series: Series

        init(registry: MetricsRegistry, label: String, dimensions: [(String, String)]) {
            self.registry = registry
            series = Series(label, dimensions)
        }

        func record(_ value: Int64) { registry.observe(series, Double(value)) }
        func record(_ value: Double) { registry.observe(series, value) }
        func recordNanoseconds(_ duration: Int64) { registry.observe(series, Double(duration) / 1e9) }
    }
}
