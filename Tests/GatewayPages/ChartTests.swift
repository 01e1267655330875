import Foundation
import Testing

@testable import GatewayPages

@Suite struct ChartTests {
    private func chart(_ kind: Chart.Kind, _ values: [[Double]], top: Double? = nil) -> Chart {
        Chart(
            "Tasks", kind, figure: "3", caption: "in all",
            series: [.init("done", .good), .init("failed", .bad)],
            buckets: values.enumerated().map { .init("hour \($0.offset)", $0.element) }, top: top,
            format: { Amount.decimal($0, places: 0) })
    }

    @Test(
        arguments: [(0, 1), (0.03, 0.05), (1, 1), (1.1, 2), (13, 20), (21, 25), (26, 50), (99, 100), (.nan, 1)]
            as [(Double, Double)])
    func `a scale ends at a round number`(_ value: Double, _ top: Double) {
        #expect(abs(ChartScale.top(of: value) - top) < 1e-9)
    }

    @Test func `bars stand upon each other and fill their place`() throws {
        let drawing = chart(.bars, [[5, 5], [0, 10]]).drawing.html
        let bars = try Markup(drawing).elements.filter { $0.name == "rect" && $0["class"] != "hit" }
        #expect(bars.map { $0["class"] } == ["good", "bad", "bad"])
        #expect(bars.map { $0["y"] } == ["48", "0", "0"])
        #expect(bars.map { $0["height"] } == ["48", "48", "96"])
        #expect(bars.map { $0["x"] } == ["28.8", "28.8", "268.8"])
    }

    @Test func `a line breaks where there is no value, and one alone is still seen`() throws {
        let paths = try Markup(chart(.lines, [[0, .nan], [10, 10], [.nan, .nan], [5, 0]]).drawing.html).elements
            .filter { $0.name == "path" }
        #expect(paths.map { $0["d"] } == ["M60 96L180 0M418 48H422", "M178 0H182M418 96H422"])
    }

    @Test func `a chart says in words what it shows`() throws {
        let chart = chart(.bars, [[2, 1], [.nan, 0]])
        #expect(chart.top == "5")
        #expect((chart.first, chart.last) == ("hour 0", "hour 1"))
        let elements = try Markup(chart.drawing.html).elements
        #expect(elements[0]["aria-label"] == "Tasks: 3 in all")
        #expect(
            elements.filter { $0.name == "title" }.map(\.text) == [
                "hour 0: done 2, failed 1", "hour 1: done none, failed 0",
            ])
    }

    @Test func `values beyond the scale end at its edge, and no values are no marks`() throws {
        #expect(!chart(.bars, [[50, 0]], top: 10).drawing.html.contains("=\"-"))
        #expect(
            try Markup(chart(.lines, []).drawing.html).elements.filter { $0.name == "path" }.allSatisfy {
                $0["d"] == ""
            })
    }

    @Test func `what ended is charted by what matters of it`() {
        let charts = Charts.operation(
            [
                .init("Mon", succeeded: 3, failed: 1, costUSD: 1.25, medianSeconds: 60, p95Seconds: 90),
                .init("Tue", succeeded: 0, failed: 0, costUSD: 0, medianSeconds: nil, p95Seconds: nil),
            ], span: "2 days", medianSeconds: 60
        ).charts
        #expect(charts.map(\.figure) == ["4", "75 %", "$1.25", "1 min"])
        #expect(charts.map(\.caption) == ["tasks in 2 days", "of 4 tasks", "in 2 days", "median"])
        let none = Charts.operation([], span: "2 days", medianSeconds: nil).charts
        #expect(none.map(\.figure) == ["0", "–", "$0.00", "–"])
    }

    @Test func `models are charted side by side, and none are no charts`() throws {
        let charts = Charts.models([
            .init(
                "glm", answers: 9, failures: 1, medianSeconds: 3, promptTokens: 2000, completionTokens: 500,
                costUSD: 1.5),
            .init(
                "<gpt>", answers: 0, failures: 2, medianSeconds: nil, promptTokens: 0, completionTokens: 0, costUSD: 0),
        ]).charts
        #expect(charts.map(\.title) == ["Calls", "Spend", "Latency", "Tokens"])
        #expect(charts.map(\.figure) == ["12", "$1.50", "3.0 s", "2.5 k"])
        let hints = try Markup(charts[2].drawing.html).elements.filter { $0.name == "title" }.map(\.text)
        #expect(hints.first == "glm: 3.0 s" && hints.last?.hasSuffix(": none") == true)
        #expect(!charts[0].drawing.html.contains("<gpt>"))
        #expect(Charts.models([]).charts.isEmpty)
    }

    @Test func `a run lies where it was in the whole time`() {
        let start = Samples.now.addingTimeInterval(-1000)
        func run(_ from: Double, _ to: Double?) -> TimelineView.Run {
            .init(
                "plan", state: Badge(status: "done"), began: start.addingTimeInterval(from),
                ended: to.map(start.addingTimeInterval), in: start..<Samples.now, now: Samples.now)
        }
        #expect((run(0, 250).x, run(0, 250).width) == (0, 250))
        #expect((run(600, nil).x, run(600, nil).width) == (600, 400))
        #expect(run(600, nil).duration == "6 min 40 s")
        #expect((run(1000, 1000).x, run(1000, 1000).width) == (996, 4))
    }
}
