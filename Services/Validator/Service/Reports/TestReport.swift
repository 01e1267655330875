/// What a file of a command says about tests: JUnit's XML, which most runners can write, and those of .NET.
package struct TestReport: Sendable, Hashable {
    /// The runner that wrote it, or the place where it was, if that is not known.
    package var runner: String
    package var counts: TestCounts
    package var failing: [String]

    /// Runners by the name that they give their reports, or by a part of the path.
    private static let names = [
        "pytest": "pytest", "pytest tests": "pytest", "jest tests": "jest", "vitest tests": "vitest",
        "Mocha Tests": "mocha", "nextest-run": "nextest", "bun test": "bun", "deno test": "deno", "rspec": "rspec",
        "AllTests": "googletest",
    ]
    private static let places = [
        "surefire-reports/": "maven", "failsafe-reports/": "maven", "build/test-results/": "gradle",
    ]
    /// What else is printed of a run that a report tells of.
    private static let relatives: [String: Set<String>] = [
        "maven": ["maven", "junit", "testng", "sbt"], "gradle": ["gradle", "junit", "testng"],
        "vstest": ["vstest", "dotnet"], "googletest": ["googletest", "ctest", "meson", "bazel"],
    ]

    /// Whether the runner is known.
    var isNamed: Bool { Self.names.values.contains(runner) || Self.relatives[runner] != nil }

    /// Whether a runner of this name is the report's.
    func isAbout(_ name: String) -> Bool { isNamed && (Self.relatives[runner] ?? [runner]).contains(name) }

    /// Whether a text's counts are of the run that the report tells of. What was overwritten tells of one run only, and
    /// the text of all.
    ///
    /// - Parameter number: Of how many runners the output tells.
    func tells(of name: String, _ text: TestCounts, among number: Int) -> Bool {
        let (told, printed) = (counts.ran + counts.skipped, text.ran + text.skipped)
        guard !isNamed else { return isAbout(name) && told >= printed }
        return told == printed || number == 1 && told > printed && counts.failed >= text.failed
    }

    /// Reads a file's text; `nil` if it is no report.
    package init?(_ text: String, path: String) {
        var tally = ReportTally()
        var reader = XMLReader(text)
        var suite: String?
        while let event = reader.next() {
            if suite == nil, case .start(let name, let attributes, _) = event {
                guard ReportTally.roots.contains(name) else { return nil }
                suite = attributes["name"] ?? ""
                if name == "TestRun" || name == "test-run" || name == "assemblies" { suite = "vstest" }
            } else if case .start("testsuite", let attributes, _) = event, suite?.isEmpty == true {
                suite = attributes["name"] ?? ""
            }
            guard tally.take(event) else { break }
        }
        guard let suite, tally.isUsable else { return nil }
        let place = Self.places.first { path.contains($0.key) }?.value
        runner =
            place ?? (suite == "vstest" ? suite : Self.names[suite])
            ?? "in \(path.split(separator: "/").dropLast().joined(separator: "/"))"
        counts = tally.counts
        failing = tally.failing
    }
}
