import Foundations

/// Durations of the same thing, in milliseconds.
struct Samples: Sendable {
    private var values: [Double] = []

    init(_ values: [Double] = []) { self.values = values }

    mutating func add(_ duration: Duration) { values.append(duration.seconds * 1000) }

    /// The value that `share` of all do not exceed; 0 if there is none.
    func percentile(_ share: Double) -> Double {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return 0 }
        return sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
    }

    var p50: Double { percentile(0.5) }
    var p99: Double { percentile(0.99) }

    /// Figures of the middle and of the slowest of a hundred.
    func figures(_ name: String, beside yardstick: Yardstick? = nil) -> [Figure] {
        [
            Figure("\(name).p50", p50, "ms", beside: yardstick),
            Figure("\(name).p99", p99, "ms", beside: yardstick),
        ]
    }

    /// Runs `body` `times` times, one after the other, and times each.
    static func measure(_ times: Int, _ body: (Int) async throws -> Void) async throws -> Samples {
        var samples = Samples()
        for round in 0..<times {
            let start = ContinuousClock.now
            try await body(round)
            samples.add(ContinuousClock.now - start)
        }
        return samples
    }
}
