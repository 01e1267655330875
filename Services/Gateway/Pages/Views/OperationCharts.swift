extension Charts {
    /// What ended in an hour or a day, and what that cost.
    package struct Period: Sendable, Hashable {
        package let label: String
        package let succeeded: Int
        package let failed: Int
        package let costUSD: Double
        /// From submission to end; `nil` where nothing ended.
        package let medianSeconds: Double?
        package let p95Seconds: Double?

        package init(
            _ label: String, succeeded: Int, failed: Int, costUSD: Double, medianSeconds: Double?, p95Seconds: Double?
        ) {
            self.label = label
            self.succeeded = succeeded
            self.failed = failed
            self.costUSD = costUSD
            self.medianSeconds = medianSeconds
            self.p95Seconds = p95Seconds
        }

        fileprivate var ended: Int { succeeded + failed }
    }

    /// Throughput, success, spend and durations of periods, the oldest first.
    ///
    /// - Parameters:
    ///   - span: What they are together, for example `24 hours`.
    ///   - median: Of all of it: it does not follow from those of its periods.
    package static func operation(_ periods: [Period], span: String, medianSeconds median: Double?) -> Charts {
        Charts(charts: [
            throughput(periods, span), success(periods), spend(periods, span), durations(periods, median),
        ])
    }

    private static func throughput(_ periods: [Period], _ span: String) -> Chart {
        let ended = periods.reduce(0) { $0 + $1.ended }
        return Chart(
            "Throughput", .bars, figure: Amount.count(ended), caption: "\(ended == 1 ? "task" : "tasks") in \(span)",
            series: [.init("succeeded", .active), .init("failed", .bad)],
            buckets: periods.map { .init($0.label, [Double($0.succeeded), Double($0.failed)]) },
            format: { Amount.decimal($0, places: 0) })
    }

    private static func success(_ periods: [Period]) -> Chart {
        let (ended, succeeded) = periods.reduce((0, 0)) { ($0.0 + $1.ended, $0.1 + $1.succeeded) }
        return Chart(
            "Success", .lines, figure: ended > 0 ? Amount.percent(Double(succeeded) / Double(ended)) : "–",
            caption: "of \(Words.count(ended, "task"))", series: [.init("success", .good)],
            buckets: periods.map { period in
                .init(period.label, [period.ended > 0 ? Double(period.succeeded) / Double(period.ended) : .nan])
            }, top: 1, format: Amount.percent)
    }

    private static func spend(_ periods: [Period], _ span: String) -> Chart {
        Chart(
            "Spend", .bars, figure: Amount.money(periods.reduce(0) { $0 + $1.costUSD }), caption: "in \(span)",
            series: [.init("spend", .active)], buckets: periods.map { .init($0.label, [$0.costUSD]) },
            format: Amount.money)
    }

    private static func durations(_ periods: [Period], _ median: Double?) -> Chart {
        Chart(
            "Duration", .lines, figure: median.map(Amount.duration) ?? "–", caption: "median",
            series: [.init("median", .active), .init("95 %", .warn)],
            buckets: periods.map { .init($0.label, [$0.medianSeconds ?? .nan, $0.p95Seconds ?? .nan]) },
            format: Amount.duration)
    }
}
