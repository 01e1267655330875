/// The text format of Prometheus, version 0.0.4.
package enum ExpositionText {
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    static func head(_ metric: Metric) -> String {
        let help = metric.help.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
        return "# HELP \(metric.name) \(help)\n# TYPE \(metric.name) \(metric.kind.name)\n"
    }

    static func lines(_ metric: Metric, _ labels: [String], _ series: Series) -> String {
        let pairs = Array(zip(metric.labels, labels))
        guard case .histogram(let bounds) = metric.kind else {
            return line(metric.name, pairs, series.value)
        }
        var (text, below) = ("", 0)
        for (bound, count) in zip(bounds, series.buckets) {
            below += count
            text += line("\(metric.name)_bucket", pairs + [("le", number(bound))], Double(below))
        }
        return text
            + line("\(metric.name)_bucket", pairs + [("le", "+Inf")], Double(series.count))
            + line("\(metric.name)_sum", pairs, series.sum) + line("\(metric.name)_count", pairs, Double(series.count))
    }

    private static func line(_ name: String, _ labels: [(String, String)], _ value: Double) -> String {
        let pairs = labels.map { "\($0)=\"\(escaped($1))\"" }.joined(separator: ",")
        return "\(name)\(pairs.isEmpty ? "" : "{\(pairs)}") \(number(value))\n"
    }

    private static func escaped(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }

    /// Whole numbers without a point.
    private static func number(_ value: Double) -> String { Int(exactly: value).map { "\($0)" } ?? "\(value)" }
}

extension Metric.Kind {
    fileprivate var name: String {
        switch self {
        case .counter: "counter"
        case .gauge: "gauge"
        case .histogram: "histogram"
        }
    }
}
