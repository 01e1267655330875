// The Test Anything Protocol: "ok 1 - adds", "not ok 2 - divides", "1..2". What sums up at the end tells more than that:
// node's "# pass 3" ("ℹ pass 3" on a terminal) counts what lies within, prove's "Files=2, Tests=5" every file.
struct TAPReader: TestReader {
    private struct Run {
        var points = TestCounts()
        var last = 0
        var plan: Int?
        /// By the names of node and of tape.
        var summary: [Substring: Int] = [:]
        var hasGap = false

        var isSummed: Bool { summary["pass"] != nil }
        var told: Int { points.ran + points.skipped }
        var isComplete: Bool { plan.map { told >= $0 } ?? false }
    }

    private static let keys: Set<Substring> = [
        "tests", "suites", "pass", "fail", "cancelled", "skipped", "skip", "todo",
    ]

    private var run: Run?
    private var hasGap = false
    private var prove = ProveReader()
    private(set) var counts: TestCounts?
    private(set) var isPartial = false

    mutating func take(_ line: OutputLine) -> Bool {
        if prove.take(line) {
            if prove.hasBegun { close() }
            return true
        }
        guard !prove.isInside else { return takeWithinProve(line) }
        if line.begins(with: "TAP", "version"), line.words.count == 3 {
            open()
        } else if let point = Point(line) {
            add(point)
        } else if line.indent == 0, let plan = Self.plan(line) {
            if run?.plan != nil { open() }
            run = run ?? Run()
            run?.plan = plan
        } else if let (key, number) = Self.summary(line) {
            // On a terminal there are no points to sum up.
            if run.map({ $0.summary[key] != nil || $0.told > 0 && line.begins(with: "ℹ") }) ?? true { open() }
            run?.summary[key] = number
        } else {
            return false
        }
        return true
    }

    mutating func gap() {
        hasGap = true
        run?.hasGap = true
    }

    mutating func end() {
        close()
        prove.end()
        counts = TestCounts.sum([counts, prove.counts])
    }

    private func takeWithinProve(_ line: OutputLine) -> Bool { Point(line) != nil || Self.plan(line) != nil }

    private mutating func open() {
        close()
        run = Run()
    }

    private mutating func add(_ point: Point) {
        if let run, run.isSummed || run.isComplete || point.number == 1 && run.last > 0 { open() }
        // What begins in the middle has lost its beginning.
        var run = self.run ?? Run(hasGap: hasGap && point.number != 1)
        run.last = point.number ?? (run.last + 1)
        run.points = run.points + point.counts
        self.run = run
    }

    private mutating func close() {
        guard let run else { return }
        self.run = nil
        if run.isSummed {
            func sum(_ keys: Substring...) -> Int { keys.reduce(0) { $0 + (run.summary[$1] ?? 0) } }
            counts = TestCounts.sum([
                counts,
                TestCounts(
                    passed: sum("pass"), failed: sum("fail", "cancelled"),
                    // Mocha's does not sum them up.
                    skipped: max(run.points.skipped, sum("skipped", "skip", "todo"))),
            ])
        } else if run.told > 0 || run.plan != nil {
            guard !run.hasGap else { return isPartial = true }
            // What was planned and never told of failed.
            let missing = max(0, (run.plan ?? 0) - run.told)
            counts = TestCounts.sum([counts, run.points + TestCounts(failed: missing)])
        }
    }

    // "1..4", "1..0 # SKIP no network"
    private static func plan(_ line: OutputLine) -> Int? {
        guard let word = line.word(0), word.utf8.starts(with: "1..".utf8),
            line.words.count == 1 || line.word(1, is: "#")
        else { return nil }
        return OutputLine.number(word.dropFirst(3))
    }

    private static func summary(_ line: OutputLine) -> (Substring, Int)? {
        guard line.words.count == 3, line.word(0, is: "#", "ℹ"), keys.contains(line.words[1]),
            let number = line.number(2)
        else { return nil }
        return (line.words[1], number)
    }
}

/// "ok 1 - adds # SKIP later"
private struct Point {
    let number: Int?
    let counts: TestCounts

    init?(_ line: OutputLine) {
        let words = line.words
        guard line.indent == 0, let start = words.first == "ok" ? 1 : line.begins(with: "not", "ok") ? 2 : nil else {
            return nil
        }
        number = line.number(start)
        guard number != nil || line.word(start, is: "-") || start == 2 else { return nil }
        let directive = words.firstIndex(of: "#").flatMap { line.word($0 + 1)?.lowercased() } ?? ""
        if directive.hasPrefix("skip") || directive.hasPrefix("todo") {
            counts = TestCounts(skipped: 1)
        } else {
            counts = start == 1 ? TestCounts(passed: 1) : TestCounts(failed: 1)
        }
    }
}
