// "Ran 5 tests in 0.001s" … "FAILED (failures=1, errors=1, skipped=1)" or "OK (skipped=1)", once per run: of unittest, of
// nose, nose2, Django, and of Twisted, which says "PASSED"; shunit2 says "Ran 5 tests." without a time.
struct UnittestReader: TestReader {
    private static let fixtures = ["setUpClass", "setUpModule", "tearDownClass", "tearDownModule", "_ErrorHolder"]

    private(set) var counts: TestCounts?
    private var isRuled = false
    /// The tests that failed, each once although more than one part of it may have.
    private var failing: Set<Substring> = []
    /// What failed around tests.
    private var failingFixtures: Set<Substring> = []
    private var total: Int?
    /// Whether the total alone, without a verdict, tells of a run.
    private var isTimed = false

    mutating func take(_ line: OutputLine) -> Bool {
        let follows = isRuled
        isRuled = line.isRule(of: "=")
        if follows, line.starts(with: "FAIL: ") || line.starts(with: "ERROR: ") {
            note(line.words.dropFirst().first ?? "", line.words.dropFirst(2).first ?? "")
            return true
        }
        if line.begins(with: "Ran"), line.word(2, is: "test", "tests"), let number = line.number(1) {
            let isTimed = line.word(3, is: "in") && line.tellsSeconds(at: 4)
            guard isTimed || line.words.count == 3 else { return false }
            closeOpen()
            (total, self.isTimed) = (number, isTimed)
            return true
        }
        guard total != nil,
            line.starts(with: "OK") || line.starts(with: "FAILED") || line.starts(with: "PASSED")
                || line.starts(with: "NO TESTS RAN")
        else { return false }
        close(Self.items(line.text))
        return true
    }

    mutating func end() { closeOpen() }

    private mutating func closeOpen() {
        if total != nil, isTimed { close([:]) }
        total = nil
    }

    private mutating func note(_ name: Substring, _ place: Substring) {
        let id = "\(name) \(place)"[...]
        if Self.fixtures.contains(where: { name == $0 }) { failingFixtures.insert(id) } else { failing.insert(id) }
    }

    private mutating func close(_ items: [Substring: Int]) {
        func sum(_ names: Substring...) -> Int { names.reduce(0) { $0 + (items[$1] ?? 0) } }
        let told = sum("failures", "errors")
        let fixtures = min(failingFixtures.count, told)
        // Of a test with parts each part that fails is told. A name that is cut off is not known.
        let failed = failing.isEmpty ? told - fixtures : min(failing.count, told - fixtures)
        let unexpected = sum("unexpected successes", "unexpectedSuccesses")
        let run = TestCounts(
            total: total ?? 0, failures: failed + unexpected,
            skipped: sum("skipped", "skips", "SKIP", "expected failures", "expectedFailures", "todos"))
        counts = TestCounts.sum([counts, run, TestCounts(failed: fixtures, errors: fixtures)])
        (total, failing, failingFixtures) = (nil, [], [])
    }

    /// "(failures=1, expected failures=2)"
    private static func items(_ text: Substring) -> [Substring: Int] {
        guard let open = text.firstIndex(of: "("), let close = text.lastIndex(of: ")"), open < close else { return [:] }
        let pairs = text[text.index(after: open)..<close].split(separator: ",").compactMap { item in
            let parts = item.split(separator: "=")
            return parts.count == 2 ? OutputLine.number(parts[1]).map { (parts[0].drop { $0 == " " }, $0) } : nil
        }
        return Dictionary(pairs, uniquingKeysWith: +)
    }
}
