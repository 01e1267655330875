import Contracts
import Foundations
import Synchronization

/// Collects what a service counts and measures, and prints it in the text format of Prometheus (version 0.0.4).
package final class MetricsRegistry: Sendable {
    /// The most series of one metric: whoever chooses the name of a model must not fill the memory with them.
    package static let maxSeries = 100

    private struct Family {
        let metric: Metric
        var series: [[String]: Series] = [:]
    }

    private struct State {
        var families: [String: Family] = [:]
        var sources: [@Sendable (MetricsRegistry) -> Void] = []
    }

    private let state = Mutex(State())

    package init() {}

    /// Adds to a counter. `labels` are values in the order of ``Metric/labels``.
    package func count(_ metric: Metric, _ labels: String..., by amount: Double = 1) {
        update(metric, labels) { $0.value += max(0, amount.isFinite ? amount : 0) }
    }

    /// Sets a gauge, or a counter that is counted elsewhere.
    package func set(_ metric: Metric, _ labels: String..., to value: Double) {
        update(metric, labels) { $0.value = value }
    }

    /// Adds to a gauge, or takes away.
    package func change(_ metric: Metric, _ labels: String..., by amount: Double) {
        update(metric, labels) { $0.value += amount }
    }

    /// Counts a value in a histogram.
    package func observe(_ metric: Metric, _ labels: String..., value: Double) {
        update(metric, labels) { $0.observe(value) }
    }

    /// Counts a time in a histogram of seconds.
    package func observe(_ metric: Metric, _ labels: String..., since start: ContinuousClock.Instant) {
        let seconds = (ContinuousClock.now - start).seconds
        update(metric, labels) { $0.observe(seconds) }
    }

    /// Forgets the series of a metric: those that are set next are all there are.
    package func clear(_ metric: Metric) { state.withLock { $0.families[metric.name] = nil } }

    /// Has `source` set what it knows right before the metrics are printed. It must not block.
    package func collect(_ source: @escaping @Sendable (MetricsRegistry) -> Void) {
        state.withLock { $0.sources.append(source) }
    }

    /// Every series, sorted by name.
    package var text: String {
        for source in state.withLock({ $0.sources }) { source(self) }
        let families = state.withLock { $0.families.values.sorted { $0.metric.name < $1.metric.name } }
        return families.map { family in
            let series = family.series.sorted { $0.key.lexicographicallyPrecedes($1.key) }
            return ExpositionText.head(family.metric)
                + series.map { ExpositionText.lines(family.metric, $0.key, $0.value) }.joined()
        }.joined()
    }

    private func update(_ metric: Metric, _ labels: [String], _ change: (inout Series) -> Void) {
        state.withLock { state in
            var family = state.families.removeValue(forKey: metric.name) ?? Family(metric: metric)
            var key = metric.labels.indices.map { labels.indices.contains($0) ? labels[$0].clipped(64) : "" }
            if family.series[key] == nil, family.series.count >= Self.maxSeries {
                key = metric.labels.map { _ in "other" }
            }
            change(&family.series[key, default: Series(metric)])
            state.families[metric.name] = family
        }
    }
}

/// The values of one combination of labels.
struct Series {
    var value = 0.0
    private(set) var count = 0
    private(set) var sum = 0.0
    /// How many values were at most each of the bounds, as far as they were not at most the one before.
    private(set) var buckets: [Int] = []
    private let bounds: [Double]

    init(_ metric: Metric) {
        bounds = if case .histogram(let bounds) = metric.kind { bounds } else { [] }
        buckets = bounds.map { _ in 0 }
    }

    mutating func observe(_ value: Double) {
        guard value.isFinite else { return }
        count += 1
        sum += value
        if let bucket = bounds.firstIndex(where: { value <= $0 }) { buckets[bucket] += 1 }
    }
}
