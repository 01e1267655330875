// "==== 3 failed, 12 passed, 1 skipped in 0.12s ====", "no tests ran in 0.01s", once per run
struct PytestReader: TestReader {
    private static let labels: Set<Substring> = [
        "passed", "failed", "error", "errors", "skipped", "deselected", "xfailed", "xpassed", "warning", "warnings",
        "rerun", "reruns",
    ]

    private(set) var counts: TestCounts?
    /// Parts of tests that failed: each counts as one that failed beside the test itself, which may count as passed.
    private var parts = 0
    private var partsOf: Set<Substring> = []
    private var failed: Set<Substring> = []
    /// In what failing tests printed, where anything can stand.
    private(set) var isInside = false
    /// The counts of pytest-sugar, a line each.
    private var sugar: TestCounts?

    mutating func take(_ line: OutputLine) -> Bool {
        if let run = Self.summary(line) {
            close(run)
            return true
        }
        if line.starts(with: "SUBFAILED") || line.starts(with: "SUBFAIL ") { note(part: line) }
        if line.starts(with: "FAILED ") { failed.insert(line.word(1) ?? "") }
        if line.starts(with: "==") {
            isInside = line.word(0, is: "FAILURES", "ERRORS") && line.words.count == 1
            return isInside || line.words == ["short", "test", "summary", "info"]
        }
        return takeSugar(line) || isInside
    }

    mutating func end() { closeSugar() }

    private mutating func closeSugar() {
        guard let sugar else { return }
        self.sugar = nil
        close(sugar)
    }

    // "SUBFAILED(i=1) tests/test_a.py::test_x - …"
    private mutating func note(part line: OutputLine) {
        guard let test = line.words.first(where: { $0.contains("::") }) else { return }
        parts += 1
        partsOf.insert(test)
    }

    private mutating func close(_ run: TestCounts) {
        var run = run
        let others = partsOf.subtracting(failed).count
        if parts <= run.failed - run.errors {
            run.failed += others - parts
            run.passed = max(0, run.passed - others)
        }
        counts = TestCounts.sum([counts, run])
        (parts, partsOf, failed, isInside) = (0, [], [], false)
    }

    /// Numbers with labels, and then a time.
    private static func summary(_ line: OutputLine) -> TestCounts? {
        guard let place = line.words.lastIndex(of: "in"), place > 0, tellsTime(line, place + 1) else { return nil }
        let words = line.words[..<place]
        if words == ["no", "tests", "ran"] { return TestCounts() }
        let starts = words.indices.filter { line.number($0) != nil }
        guard starts.first == 0, zip(starts, starts.dropFirst() + [place]).allSatisfy({ (2...4).contains($1 - $0) }),
            starts.contains(where: { labels.contains(words[$0 + 1]) })
        else { return nil }
        let errors = line.count(before: "error", "errors") ?? 0
        return TestCounts(
            passed: line.count(before: "passed", "xpassed") ?? 0, failed: (line.count(before: "failed") ?? 0) + errors,
            skipped: line.count(before: "skipped", "xfailed") ?? 0, errors: errors)
    }

    // "0.12s", "0.12 seconds", "65.02s (0:01:05)"
    private static func tellsTime(_ line: OutputLine, _ place: Int) -> Bool {
        let rest = line.words.count - place
        if line.tellsSeconds(at: place) { return rest == 1 || rest == 2 && line.word(place + 1)?.contains(":") == true }
        return rest == 2 && line.tellsTime(at: place) && line.word(place + 1, is: "seconds", "second")
    }

    // "Results (0.12s):", then "       3 passed"
    private mutating func takeSugar(_ line: OutputLine) -> Bool {
        if line.starts(with: "Test session starts (platform: ") {
            closeSugar()
            isInside = true
            return true
        }
        if line.starts(with: "Results ("), line.tellsSeconds(at: 1), line.ends(with: "):") {
            closeSugar()
            (sugar, isInside) = (TestCounts(), false)
            return true
        }
        guard sugar != nil, !line.begins(with: "-") else { return false }
        guard line.words.count == 2, let number = line.number(0) else {
            closeSugar()
            return false
        }
        switch line.words[1] {
        case "passed", "xpassed": sugar?.passed += number
        case "failed": sugar?.failed += number
        case "error", "errors": sugar = sugar.map { $0 + TestCounts(failed: number, errors: number) }
        case "skipped", "xfailed": sugar?.skipped += number
        default: return false
        }
        return true
    }
}
