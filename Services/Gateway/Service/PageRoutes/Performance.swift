import FoundationEssentials
import Foundations
import GatewayPages

/// What ended in the last 24 hours: the list `performance`.
struct Performance: Sendable {
    private let hours: [Item]
    private let day: Item?

    init(_ items: [Item]) {
        hours = items.filter { $0.text("period") == "hour" }.reversed()
        day = items.first { $0.text("period") == "day" }
    }

    /// By the hour, the oldest first.
    var charts: Charts {
        guard !hours.isEmpty else { return Charts(charts: []) }
        return .operation(
            hours.map { Charts.Period(String($0.text("since").dropFirst(11).prefix(5)), $0) },
            span: Words.count(hours.count, "hour"),
            medianSeconds: day?.fields["median_seconds"]?.doubleValue)
    }

    /// What it comes to.
    var figures: [FleetStatus.Figure] {
        guard let day else { return [] }
        let judged = day.int("succeeded") + day.int("failed")
        let share = judged > 0 ? "\(Amount.percent(Double(day.int("succeeded")) / Double(judged))) with success" : ""
        return [
            FleetStatus.Figure(name: "Ended in \(hours.count) h", value: Amount.count(day.int("ended")), detail: share),
            FleetStatus.Figure(
                name: "Spent in \(hours.count) h", value: Amount.money(day.double("cost_usd")), detail: "by these"),
        ]
    }
}

extension Charts.Period {
    /// The figures of an item of `performance`.
    fileprivate init(_ label: String, _ item: Item) {
        self.init(
            label, succeeded: item.int("succeeded"), failed: item.int("failed"), costUSD: item.double("cost_usd"),
            medianSeconds: item.fields["median_seconds"]?.doubleValue,
            p95Seconds: item.fields["p95_seconds"]?.doubleValue)
    }
}
