import Foundations

// "--- FAIL: TestX (0.00s)" with -v, {"Action":"pass","Test":"TestX"} with -json, and for each package a line like
// "ok  	example.com/a	0.01s". Without -v only tests that fail are told of, so nobody knows how many there are.
struct GoReader: TestReader {
    /// What was told of the package so far.
    private var package = TestCounts()
    private var isVerbose = false
    /// Whether the next verdict is that of the test that ran the specs of Ginkgo.
    private var isOfSpecs = false
    /// Packages, and with -json tests, one after the other.
    private var told: [TestCounts] = []
    /// Whether tests were told of one by one.
    private var isCounted = false
    /// Whether there was a package of whose tests nothing was told.
    private var isUnknown = false
    private var hasGap = false

    /// Every line counts, so none may be missing.
    var isPartial: Bool { hasGap && counts != nil }
    var counts: TestCounts? { isUnknown && !isCounted ? nil : TestCounts.sum(told.map { $0 }) }

    mutating func take(_ line: OutputLine) -> Bool {
        if line.starts(with: "{") { return takeJSON(line) }
        if line.starts(with: "=== RUN ") {
            isVerbose = true
        } else if line.begins(with: "---"), let test = Self.test(line.word(1)) {
            if !isOfSpecs { package = package + test }
            if test.failed == 0 { isVerbose = true }
            isOfSpecs = false
        } else if let specs = Self.specs(line) {
            package = package + specs
            (isVerbose, isOfSpecs) = (true, true)
        } else if let passed = Self.package(line) {
            close(passed, line)
        } else if line.begins(with: "DONE"), line.word(2, is: "test", "tests"), let total = line.number(1) {
            forget(total)
            let failed = line.count(before: "failure", "failures", "error", "errors") ?? 0
            told.append(TestCounts(total: total, failures: failed, skipped: line.count(before: "skipped") ?? 0))
            (package, isVerbose, isCounted) = (TestCounts(), false, true)
        } else {
            return false
        }
        return true
    }

    mutating func gap() { hasGap = true }

    mutating func end() {
        // A package whose end is missing, or a program of tests that was run by itself.
        if isVerbose { told.append(package) }
        isCounted = isCounted || isVerbose
    }

    /// What gotestsum printed of the tests that it sums up.
    private mutating func forget(_ total: Int) {
        var sum = 0
        for (index, run) in told.enumerated().reversed() {
            sum += run.ran + run.skipped
            guard sum < total else {
                if sum == total { told.removeSubrange(index...) }
                return
            }
        }
    }

    // "FAIL! -- 3 Passed | 2 Failed | 1 Pending | 0 Skipped"
    private static func specs(_ line: OutputLine) -> TestCounts? {
        guard line.word(0, is: "FAIL", "SUCCESS", "Ran"), line.contains("! -- "),
            let passed = line.count(before: "Passed")
        else { return nil }
        return TestCounts(
            passed: passed, failed: line.count(before: "Failed") ?? 0,
            skipped: line.count(before: "Pending", "Skipped") ?? 0)
    }

    private static func test(_ verdict: Substring?) -> TestCounts? {
        switch verdict {
        case "PASS:": TestCounts(passed: 1)
        case "FAIL:": TestCounts(failed: 1)
        case "SKIP:": TestCounts(skipped: 1)
        default: nil
        }
    }

    /// Whether the package passed that the line sums up; `nil` of other lines.
    private static func package(_ line: OutputLine) -> Bool? {
        if line.starts(with: "ok  \t"), line.tellsSeconds(at: 2) || line.word(2, is: "cached") { return true }
        if line.starts(with: "FAIL\t"), line.words.count > 2 { return false }
        return line.starts(with: "?   \t") && line.contains("[no test files]") ? true : nil
    }

    private mutating func close(_ passed: Bool, _ line: OutputLine) {
        if line.contains("[build failed]") || line.contains("[setup failed]") {
            told.append(TestCounts(failed: 1, errors: 1))
        } else if isVerbose || line.contains("[no test") {
            // What cannot be built, or ends by itself, fails without a test that does.
            let errors = passed || package.failed > 0 ? 0 : 1
            told.append(package + TestCounts(failed: errors, errors: errors))
            isCounted = isCounted || isVerbose
        } else {
            isUnknown = true
        }
        (package, isVerbose, isOfSpecs) = (TestCounts(), false, false)
    }

    private mutating func takeJSON(_ line: OutputLine) -> Bool {
        guard line.contains("\"Action\":\""), line.contains("\"Package\":\"") else { return false }
        guard !line.contains("\"Action\":\"output\""), let event = try? JSONValue(parsing: String(line.text)) else {
            return true
        }
        let test = Self.test((event["Action"]?.stringValue?.uppercased()).map { "\($0):"[...] })
        if event["Test"]?.stringValue != nil {
            if let test { told.append(test) }
        } else if event["FailedBuild"] != nil, test?.failed == 1 {
            told.append(TestCounts(failed: 1, errors: 1))
        } else if test != nil {
            told.append(TestCounts())
        }
        return true
    }
}
