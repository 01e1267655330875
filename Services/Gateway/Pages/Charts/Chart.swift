/// A chart as it stands on a page: a title, a figure that sums it up, and the drawing. It says everything in words, too.
package struct Chart: Sendable, Hashable {
    package let title: String
    /// The figure that matters, for example `96 %`.
    package let figure: String
    /// What the figure is of, for example `of 132 tasks`.
    package let caption: String
    /// The largest value of the scale.
    package let top: String
    /// The first and the last place on the axis.
    package let first: String
    package let last: String
    /// The names of the lines or parts, where there are several.
    package let legend: [Badge]
    package let drawing: HTML

    /// What stands at one place of the axis.
    package struct Bucket: Sendable, Hashable {
        package let label: String
        package let values: [Double]

        package init(_ label: String, _ values: [Double]) {
            self.label = label
            self.values = values
        }
    }

    /// What its values are called, and how they look.
    package struct Series: Sendable, Hashable {
        package let name: String
        package let tone: Tone

        package init(_ name: String, _ tone: Tone) {
            self.name = name
            self.tone = tone
        }
    }

    /// How values are drawn.
    package enum Kind: Sendable {
        /// A bar at each place, its parts upon each other.
        case bars
        /// A line for each series; it breaks where a value is none.
        case lines
    }

    /// - Parameters:
    ///   - top: The top of the scale; `nil` takes a round number above all values.
    ///   - format: How a value reads.
    package init(
        _ title: String, _ kind: Kind, figure: String, caption: String, series: [Series], buckets: [Bucket],
        top: Double? = nil, format: (Double) -> String
    ) {
        let sums = buckets.map { Self.height($0, kind) }
        let scale = top ?? ChartScale.top(of: sums.max() ?? 0)
        self.title = title
        self.figure = figure
        self.caption = caption
        self.top = format(scale)
        first = buckets.first?.label ?? ""
        last = buckets.last?.label ?? ""
        legend = series.count > 1 ? series.map { Badge($0.name, $0.tone) } : []
        let canvas = ChartCanvas(count: buckets.count, scale: scale)
        let marks =
            switch kind {
            case .bars: canvas.bars(buckets, series)
            case .lines: canvas.lines(buckets, series)
            }
        let hints = buckets.map { canvas.hint($0, series, format) }
        let summary = SafeText.escape("\(title): \(figure) \(caption)")
        drawing = HTML(
            trusted: ChartCanvas.frame(label: summary, canvas.grid + marks + canvas.hits(hints)))
    }

    private static func height(_ bucket: Bucket, _ kind: Kind) -> Double {
        let values = bucket.values.filter(\.isFinite)
        return switch kind {
        case .bars: values.reduce(0, +)
        case .lines: values.max() ?? 0
        }
    }
}

/// Round numbers for scales.
enum ChartScale {
    /// The least of 1, 2, 2.5 and 5 times a power of ten that is not below `value`.
    static func top(of value: Double) -> Double {
        guard value.isFinite, value > 0 else { return 1 }
        var unit = 1.0
        while unit * 10 <= value { unit *= 10 }
        while unit > value { unit /= 10 }
        return [1, 2, 2.5, 5, 10].map { $0 * unit }.first { $0 >= value } ?? value
    }
}
