/// What a command tells of the tests that it ran: in its output, and in the reports that it wrote.
package struct TestSummary: Sendable, Hashable {
    /// The counts by the name of the runner, see ``Runner/all``.
    package private(set) var runs: [String: TestCounts] = [:]
    /// The names of tests that failed, the first of them.
    package private(set) var failing = FailingTests()
    /// Whether a part of the output that had to be counted is missing.
    private var isPartial = false

    /// The sum of all runs; `nil` where no runner's count was understood as a whole.
    package var counts: TestCounts? { isPartial ? nil : TestCounts.sum(runs.values.map { $0 }) }

    /// Reads what a command printed. Takes time in proportion to its length. Blocking.
    package init(reading output: String) {
        var readers = Runner.all.map { $0.makeReader() }
        var inside: Int?
        for line in OutputText(output).lines {
            guard !line.isGap else {
                for index in readers.indices { readers[index].gap() }
                continue
            }
            failing.note(line)
            let asked = inside
            if let asked, readers[asked].take(line) {
                inside = readers[asked].isInside ? asked : nil
                continue
            }
            let taker = readers.indices.first { $0 != asked && readers[$0].take(line) }
            inside = taker.flatMap { readers[$0].isInside ? $0 : nil }
        }
        for index in readers.indices {
            readers[index].end()
            if readers[index].isPartial { isPartial = true }
            if let counts = readers[index].counts { runs[Runner.all[index].name] = counts }
        }
    }

    /// Reports win over text where both are of the same run. One that is of none of the runs that the text tells of is
    /// another run, if its runner is known; else nobody knows.
    package mutating func add(_ reports: [TestReport]) {
        let texts = runs
        for report in reports {
            let same = texts.filter { report.tells(of: $0.key, $0.value, among: texts.count) }
            let isOther = report.isNamed && !texts.keys.contains(where: report.isAbout)
            guard texts.isEmpty || !same.isEmpty || isOther else { continue }
            for name in same.keys { runs[name] = nil }
            if texts.isEmpty || !same.isEmpty { isPartial = false }
            runs["report of \(report.runner)"] = report.counts
            for name in report.failing { failing.add(name) }
        }
    }
}
