import Foundation
import Testing
import ValidatorService

@Suite struct TestReportTests {
    private func read(_ text: String, path: String = "out/junit.xml") -> TestReport? { TestReport(text, path: path) }

    @Test(arguments: [
        ("pytest", "pytest", 3, 4, 2), ("mocha", "mocha", 1, 1, 1), ("phpunit", "in out", 1, 2, 2),
        ("node-junit", "in out", 3, 2, 2), ("robot-xunit", "in out", 1, 1, 1),
    ])
    func `a report that a runner really wrote is read`(
        _ file: String, _ runner: String, _ passed: Int, _ failed: Int, _ skipped: Int
    ) throws {
        let text = try RecordedOutput.text("\(file).xml")
        let report = try #require(read(text))
        #expect(report.runner == runner && report.failing.count == failed)
        #expect(report.counts == TestCounts(passed: passed, failed: failed, skipped: skipped))
    }

    @Test func `the place tells of surefire and of Gradle`() {
        let suite =
            #"<testsuite name="com.example.ATest" tests="1"><testcase name="adds" classname="ATest"/></testsuite>"#
        #expect(read(suite, path: "app/target/surefire-reports/TEST-ATest.xml")?.runner == "maven")
        #expect(read(suite, path: "app/build/test-results/test/TEST-ATest.xml")?.runner == "gradle")
    }

    @Test func `reports of .NET are read`() {
        let results = """
            <?xml version="1.0" encoding="utf-8"?>
            <TestRun id="1" xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010"><Results>
            <UnitTestResult testName="A.Adds" outcome="Passed"/>
            <UnitTestResult testName="A.Divides" outcome="Failed"><Output><ErrorInfo/></Output>
              <InnerResults><UnitTestResult testName="A.Divides(1)" outcome="Failed"/></InnerResults></UnitTestResult>
            <UnitTestResult testName="A.Later" outcome="NotExecuted"/></Results></TestRun>
            """
        let report = read(results, path: "TestResults/a.trx")
        #expect(report?.counts == TestCounts(passed: 1, failed: 1, skipped: 1))
        #expect(report?.failing == ["A.Divides"] && report?.runner == "vstest")
        let xunit = """
            <assemblies><assembly><collection><test name="a" result="Pass"/><test name="b" result="Fail"/>
            <test name="c" result="Skip"/></collection></assembly></assemblies>
            """
        #expect(read(xunit)?.counts == TestCounts(passed: 1, failed: 1, skipped: 1))
    }

    @Test func `verdicts of tests count, and not what suites say of those within`() {
        let nested = """
            <testsuites tests="9"><testsuite tests="9"><testsuite tests="4">
            <testcase name="a"><system-out><![CDATA[</testcase><testcase name="x"><failure/>]]></system-out></testcase>
            <testcase name="b"><flakyFailure/></testcase><!-- <testcase name="y"/> -->
            <testcase name="c &lt;&#49;&gt;" classname="K"><error/><failure/></testcase>
            <testcase name="d" status="notrun"/><testcase name="e"><skipped/></testcase>
            </testsuite></testsuite></testsuites>
            """
        #expect(read(nested)?.counts == TestCounts(passed: 2, failed: 1, skipped: 2))
        #expect(read(nested)?.failing == ["K.c <1>"])
        let words = """
            <testsuite><testcase name="a" status="run" result="completed"/><testcase name="b" status="failed"/>
            <testcase name="c" status="run" result="suppressed"/><testcase name="d" status="Disabled"/></testsuite>
            """
        #expect(read(words)?.counts == TestCounts(passed: 1, failed: 1, skipped: 2))
        let bare = #"<testsuites><testsuite tests="5" failures="1" errors="1" skipped="1"/></testsuites>"#
        #expect(read(bare)?.counts == TestCounts(passed: 2, failed: 2, skipped: 1))
    }

    @Test(arguments: [
        "", "hello", "<project><testsuite/></project>", "<testsuite><testcase></testsuite>", "<testsuite><testcase/>",
        "<testsuites/>", "<", "<!DOCTYPE", "<testsuite", "<testsuite a=\"", "<?xml", "<!--", "<![CDATA[",
    ])
    func `what is no whole report is none`(_ text: String) {
        #expect(read(text) == nil)
    }

    @Test func `entities are not expanded and no document type is obeyed`() {
        let bomb = """
            <!DOCTYPE testsuite [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>
            <testsuite><testcase name="&b;&x;"><failure/></testcase></testsuite>
            """
        #expect(read(bomb)?.failing == ["&b;&x;"])
    }

    @Test(arguments: [
        String(repeating: "<testsuite>", count: 200_000), String(repeating: "<a b='", count: 300_000),
        "<testsuite>" + String(repeating: "<![CDATA[", count: 200_000),
        String(repeating: "<!DOCTYPE [", count: 200_000),
        "<testsuite " + String(repeating: "a=\"&amp;\" ", count: 200_000) + "/>",
    ])
    func `a report of any kind is read in time`(_ text: String) {
        let start = ContinuousClock.now
        _ = read(text)
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    // MARK: Beside text

    private func summary(_ output: String, _ report: TestReport?) -> TestCounts? {
        var summary = TestSummary(reading: output)
        summary.add([report].compactMap(\.self))
        return summary.counts
    }

    private func junit(_ name: String, _ tests: Int, failed: Int = 0, path: String = "junit.xml") -> TestReport? {
        let cases = (0..<tests).map { "<testcase name='\($0)'>\($0 < failed ? "<failure/>" : "")</testcase>" }
        return read("<testsuites name='\(name)'>\(cases.joined())</testsuites>", path: path)
    }

    @Test func `a report wins over the text of its run, and adds to that of others`() {
        #expect(summary("", junit("", 3)) == TestCounts(passed: 3))
        #expect(
            summary("BUILD SUCCESSFUL in 1s", junit("", 3, path: "build/test-results/a.xml")) == TestCounts(passed: 3))
        #expect(summary("3 passed in 0.1s", junit("pytest tests", 4, failed: 1)) == TestCounts(passed: 3, failed: 1))
        #expect(summary("3 passed in 0.1s", junit("jest tests", 4)) == TestCounts(passed: 7))
        #expect(summary("3 passed in 0.1s", junit("", 3)) == TestCounts(passed: 3))
        let programs = "100% tests passed, 0 tests failed out of 2"
        #expect(summary(programs, junit("AllTests", 5)) == TestCounts(passed: 5))
        #expect(summary("3 passed in 0.1s\nTests:  2 passed, 2 total", junit("", 3)) == TestCounts(passed: 5))
    }

    @Test func `a report that was overwritten does not hide what ran before`() {
        #expect(summary("3 passed in 0.1s\n4 passed in 0.1s", junit("pytest tests", 4)) == TestCounts(passed: 7))
        #expect(summary("3 passed in 0.1s\nTests:  2 passed, 2 total", junit("", 9)) == TestCounts(passed: 5))
    }
}
