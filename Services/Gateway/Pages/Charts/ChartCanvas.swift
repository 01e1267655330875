/// Draws on an area of fixed units, which the style sheet stretches: no text stands in it.
struct ChartCanvas {
    static let width = 480.0
    static let height = 96.0

    /// How many places the axis has.
    let count: Int
    /// The value at the upper edge.
    let scale: Double

    static func frame(label: String, _ content: String) -> String {
        """
        <svg class="chart" viewBox="0 0 480 96" preserveAspectRatio="none" role="img" aria-label="\(label)">\
        \(content)</svg>
        """
    }

    private var step: Double { Self.width / Double(max(count, 1)) }

    private func height(_ value: Double) -> Double {
        guard value.isFinite, scale > 0 else { return 0 }
        return min(max(value / scale, 0), 1) * Self.height
    }

    var grid: String {
        [0.0, 0.5, 1].map { share in
            let y = number(share * Self.height)
            return "<line class=\"grid\" x1=\"0\" x2=\"480\" y1=\"\(y)\" y2=\"\(y)\"/>"
        }.joined()
    }

    func bars(_ buckets: [Chart.Bucket], _ series: [Chart.Series]) -> String {
        buckets.enumerated().map { place, bucket in
            var base = Self.height
            return zip(bucket.values, series).map { value, one in
                let tall = height(value)
                guard tall > 0 else { return "" }
                base -= tall
                let x = Double(place) * step + step * 0.12
                return """
                    <rect class="\(one.tone.rawValue)" x="\(number(x))" y="\(number(base))" \
                    width="\(number(step * 0.76))" height="\(number(tall))"/>
                    """
            }.joined()
        }.joined()
    }

    func lines(_ buckets: [Chart.Bucket], _ series: [Chart.Series]) -> String {
        series.indices.map { index in
            let values = buckets.map { $0.values.indices.contains(index) ? $0.values[index] : .nan }
            return "<path class=\"\(series[index].tone.rawValue)\" d=\"\(path(values))\"/>"
        }.joined()
    }

    /// A value that stands alone is a short stroke.
    private func path(_ values: [Double]) -> String {
        var (text, isDown) = ("", false)
        for (place, value) in values.enumerated() {
            guard value.isFinite else {
                isDown = false
                continue
            }
            let x = (Double(place) + 0.5) * step
            let y = number(Self.height - height(value))
            let isAlone = !isDown && !(values.indices.contains(place + 1) && values[place + 1].isFinite)
            text += isAlone ? "M\(number(x - 2)) \(y)H\(number(x + 2))" : "\(isDown ? "L" : "M")\(number(x)) \(y)"
            isDown = true
        }
        return text
    }

    /// What a place says where one points at it.
    func hint(_ bucket: Chart.Bucket, _ series: [Chart.Series], _ format: (Double) -> String) -> String {
        let values = zip(bucket.values, series).map { value, one in
            "\(series.count > 1 ? one.name + " " : "")\(value.isFinite ? format(value) : "none")"
        }
        return "\(bucket.label): \(values.joined(separator: ", "))"
    }

    func hits(_ hints: [String]) -> String {
        hints.enumerated().map { place, hint in
            """
            <rect class="hit" x="\(number(Double(place) * step))" y="0" width="\(number(step))" height="96">\
            <title>\(SafeText.escape(hint))</title></rect>
            """
        }.joined()
    }

    /// A coordinate with one digit behind the point.
    private func number(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return tenths % 10 == 0 ? String(tenths / 10) : "\(tenths / 10).\(abs(tenths) % 10)"
    }
}
