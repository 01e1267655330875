/// Counts the tests of a report, element by element.
struct ReportTally {
    /// The outermost elements of reports.
    static let roots: Set<Substring> = ["testsuites", "testsuite", "TestRun", "test-run", "assemblies"]

    private static let deepest = 64
    private static let mostNames = 50
    private static let passed: Set<String> = ["passed", "pass", "success"]
    private static let leftOut: Set<String> = ["notrun", "skipped", "disabled", "ignored", "suppressed"]
    private static let failed: Set<String> = ["failed", "fail", "failure", "error", "timeout", "aborted"]

    private(set) var counts = TestCounts()
    private(set) var failing: [String] = []
    /// The elements that are open.
    private var path: [Substring] = []
    /// The test that is open, and how it ended so far.
    private var test: (name: String, depth: Int, verdict: WritableKeyPath<TestCounts, Int>)?
    /// What outermost suites say themselves, for those that do not name their tests.
    private var told: TestCounts?
    private var cases = 0

    /// Whether it told of tests at all.
    var isUsable: Bool { path.isEmpty && (cases > 0 || told != nil) }

    /// Returns whether there is more to be read.
    mutating func take(_ event: XMLReader.Event) -> Bool {
        switch event {
        case .start(let name, let attributes, let isEmpty):
            begin(name, attributes)
            path.append(name)
            if isEmpty { finish(name) }
        case .end(let name): finish(name)
        }
        if path.isEmpty, cases == 0, let told { counts = told }
        return !path.isEmpty && path.count <= Self.deepest
    }

    private mutating func begin(_ name: Substring, _ attributes: Attributes) {
        if let test {
            // Directly within the test: parts of it have verdicts of their own.
            guard path.count == test.depth + 1 else { return }
            if name == "failure" || name == "error" { self.test?.verdict = \.failed }
            if name == "skipped" || name == "disabled", test.verdict == \.passed { self.test?.verdict = \.skipped }
            return
        }
        switch name {
        case "testcase":
            let words = [attributes["status"], attributes["result"]].compactMap { $0?.lowercased() }
            let name = Self.name(attributes["classname"], attributes["name"])
            if words.contains(where: Self.failed.contains) {
                open(name, \.failed)
            } else {
                open(name, words.contains(where: Self.leftOut.contains) ? \.skipped : \.passed)
            }
        case "UnitTestResult": open(attributes["testName"] ?? "", Self.verdict(attributes["outcome"]))
        case "test-case": open(attributes["fullname"] ?? attributes["name"] ?? "", Self.verdict(attributes["result"]))
        case "test" where path.first == "assemblies": open(attributes["name"] ?? "", Self.verdict(attributes["result"]))
        case "testsuite" where !path.contains("testsuite"): note(attributes)
        default: break
        }
    }

    private mutating func open(_ name: String, _ verdict: WritableKeyPath<TestCounts, Int>) {
        test = (name, path.count, verdict)
    }

    private mutating func note(_ suite: Attributes) {
        func number(_ name: String) -> Int? { suite[name].flatMap { OutputLine.number($0[...]) } }
        guard let total = number("tests") else { return }
        let run = TestCounts(
            total: total, failures: (number("failures") ?? 0) + (number("errors") ?? 0),
            skipped: number("skipped") ?? number("skip") ?? 0)
        told = TestCounts.sum([told, run])
    }

    private mutating func finish(_ name: Substring) {
        guard path.popLast() == name else { return path = Array(repeating: "", count: Self.deepest + 1) }
        guard let test, path.count == test.depth else { return }
        counts[keyPath: test.verdict] += 1
        cases += 1
        if test.verdict == \.failed, failing.count < Self.mostNames { failing.append(test.name) }
        self.test = nil
    }

    private static func verdict(_ word: String?) -> WritableKeyPath<TestCounts, Int> {
        let word = word?.lowercased() ?? ""
        if passed.contains(word) { return \.passed }
        return failed.contains(word) ? \.failed : \.skipped
    }

    private static func name(_ group: String?, _ name: String?) -> String {
        guard let group, !group.isEmpty, let name, !name.hasPrefix(group) else { return name ?? "" }
        return "\(group).\(name)"
    }
}
