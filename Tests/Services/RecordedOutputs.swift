import Foundation
import Testing
import ValidatorService

/// What runners really printed, a file each in `Outputs`, and how many tests that were.
struct RecordedOutput: Sendable, CustomTestStringConvertible {
    let name: String
    let counts: TestCounts?

    init(_ name: String, _ passed: Int, _ failed: Int, _ skipped: Int, errors: Int = 0) {
        self.name = name
        counts = TestCounts(passed: passed, failed: failed, skipped: skipped, errors: errors)
    }

    init(_ name: String, none: Void) {
        self.name = name
        counts = nil
    }

    var testDescription: String { name }

    var text: String { get throws { try Self.text("\(name).txt") } }

    static func text(_ file: String) throws -> String {
        let folder = try #require(Bundle.module.url(forResource: "Outputs", withExtension: nil))
        return String(decoding: try Data(contentsOf: folder.appending(path: file)), as: UTF8.self)
    }

    static let all = [
        // One test with two parts that fail, one that should fail and one that should not have passed, errors before
        // and after a test, and a test whose output looks like that of unittest.
        RecordedOutput("pytest", 4, 4, 2, errors: 2), RecordedOutput("pytest-q", 4, 4, 2, errors: 2),
        RecordedOutput("pytest-v", 4, 4, 2, errors: 2), RecordedOutput("pytest-color-xdist", 4, 4, 2, errors: 2),
        RecordedOutput("pytest-sugar", 5, 4, 2, errors: 2), RecordedOutput("pytest-subtests", 1, 1, 0),
        RecordedOutput("pytest-none", 0, 0, 0),
        RecordedOutput("unittest", 1, 5, 2, errors: 1), RecordedOutput("unittest-v", 1, 5, 2, errors: 1),
        RecordedOutput("nose2", 1, 5, 2, errors: 1), RecordedOutput("tox", 2, 10, 4, errors: 2),
        RecordedOutput("robot", 2, 2, 2), RecordedOutput("behave", 1, 2, 0),
        RecordedOutput("node-spec", 4, 2, 2), RecordedOutput("node-tap", 4, 2, 2), RecordedOutput("node-dot", none: ()),
        RecordedOutput("mocha", 1, 1, 1), RecordedOutput("mocha-tap", 1, 1, 1), RecordedOutput("tape", 1, 1, 0),
        RecordedOutput("tap", 1, 1, 1), RecordedOutput("prove", 5, 2, 1, errors: 1),
        RecordedOutput("prove-v", 5, 2, 1, errors: 1), RecordedOutput("prove-ok", 3, 0, 0),
        RecordedOutput("bats-tap", 1, 1, 1), RecordedOutput("bats-pretty", 1, 1, 1),
        RecordedOutput("go", none: ()), RecordedOutput("go-ok", none: ()), RecordedOutput("go-v", 3, 2, 1),
        RecordedOutput("go-json", 3, 2, 1), RecordedOutput("go-build-v", 1, 1, 0, errors: 1),
        RecordedOutput("cargo", 4, 1, 1), RecordedOutput("cargo-fast", 3, 1, 1), RecordedOutput("cargo-q", 4, 1, 1),
        RecordedOutput("ctest", 1, 2, 1), RecordedOutput("ctest-output", 1, 2, 1),
        RecordedOutput("ctest-none", 0, 0, 0),
        RecordedOutput("catch2", 1, 1, 1), RecordedOutput("catch2-ok", 1, 0, 0),
        RecordedOutput("rspec", 1, 1, 2), RecordedOutput("minitest", 1, 2, 1), RecordedOutput("test-unit", 1, 2, 1),
        RecordedOutput("phpunit", 1, 2, 2), RecordedOutput("phpunit-testdox", 1, 2, 2),
        RecordedOutput("phpunit-ok", 2, 0, 0),
    ]
}
