import Contracts

/// The names of tests that failed, the first of them.
package struct FailingTests: Sendable, Hashable {
    private static let most = 20
    private static let longestName = 160

    package private(set) var names: [String] = []
    /// How many more there were.
    package var others: Int { seen.count - names.count }
    private var seen: Set<String> = []

    init() {}

    /// For people: "`a`, `b` and 3 more"; `nil` where no name is known.
    package var summary: String? {
        guard !names.isEmpty else { return nil }
        return names.map { "`\($0)`" }.joined(separator: ", ") + (others > 0 ? " and \(others) more" : "")
    }

    mutating func add(_ name: String) {
        let name = name.clipped(Self.longestName)
        guard !name.isEmpty, seen.insert(name).inserted, names.count < Self.most else { return }
        names.append(name)
    }

    /// Takes the name if the line says that a test failed.
    mutating func note(_ line: OutputLine) {
        guard let name = FailureSign.name(in: line) else { return }
        add(String(name))
    }
}

/// How a runner says that a test failed. A new form is a row.
struct FailureSign {
    /// What the line begins with, after blanks.
    let prefix: String
    /// Where the name ends; the line has to hold it unless it is optional.
    var until: String?
    var isEndOptional = false
    /// What the name has to hold.
    var holding: String?

    private static let rows = [
        // pytest
        FailureSign(prefix: "FAILED ", until: " - ", isEndOptional: true, holding: "::"),
        FailureSign(prefix: "ERROR ", until: " - ", isEndOptional: true, holding: ".py"),
        // unittest, automake
        FailureSign(prefix: "FAIL: "),
        FailureSign(prefix: "ERROR: ", holding: " ("),
        // go, cargo, nextest
        FailureSign(prefix: "--- FAIL: ", until: " (", isEndOptional: true),
        FailureSign(prefix: "test ", until: " ... FAILED"),
        FailureSign(prefix: "{", until: "\"Action\":\"fail\""),
        FailureSign(prefix: "FAIL [", holding: "] "),
        // Swift Testing, XCTest
        FailureSign(prefix: "✘ Test ", until: " failed after "),
        FailureSign(prefix: "Test Case '", until: "' failed"),
        // jest, vitest, bun, Mocha, node, bats
        FailureSign(prefix: "● ", holding: " › "),
        FailureSign(prefix: "FAIL  ", holding: " > "),
        FailureSign(prefix: "(fail) ", until: " [", isEndOptional: true),
        FailureSign(prefix: "✖ ", until: " (", isEndOptional: true),
        FailureSign(prefix: "✗ ", until: " (", isEndOptional: true),
        FailureSign(prefix: "✕ ", until: " (", isEndOptional: true),
        FailureSign(prefix: "× ", until: " (", isEndOptional: true),
        FailureSign(prefix: "not ok "),
        // test-unit
        FailureSign(prefix: "Failure: ", holding: "test_"),
        FailureSign(prefix: "Error: ", until: ": ", holding: "test_"),
        // googletest, rspec, surefire, vstest, prove, Clojure
        FailureSign(prefix: "[  FAILED  ] ", until: " (", isEndOptional: true, holding: "."),
        FailureSign(prefix: "rspec ./", holding: ":"),
        FailureSign(prefix: "[ERROR] ", until: "Time elapsed: ", holding: "."),
        FailureSign(prefix: "Failed ", until: " [", holding: "."),
        FailureSign(prefix: "FAIL in (", until: ")"),
    ]

    /// The name of the test of which the line says that it failed.
    static func name(in line: OutputLine) -> Substring? {
        let text = line.text.drop { $0 == " " || $0 == "\t" }
        for row in rows where text.utf8.starts(with: row.prefix.utf8) {
            if let name = row.name(in: line, Substring(text.utf8.dropFirst(row.prefix.utf8.count))) { return name }
        }
        // gradle: "ATest > adds() FAILED"
        if line.ends(with: " FAILED"), line.contains(" > ") { return Substring(text.utf8.dropLast(7)) }
        // ctest: "	  3 - name (Failed)"
        if line.number(0) != nil, line.word(1, is: "-"),
            ["(Failed)", "(Timeout)", "(SEGFAULT)"].contains(where: line.ends)
        {
            return line.word(2)
        }
        if line.contains("(Wstat: ") { return line.word(0) }
        // Minitest: "CalcTest#test_add [test_a.rb:4]:"
        if line.indent == 0, line.ends(with: ":"), let word = line.word(0), word.range(of: "#test_") != nil {
            return word.utf8.last == UInt8(ascii: ":") ? word.dropLast() : word
        }
        // PHPUnit, ExUnit: "1) CalcTest::testAdd"
        guard let end = text.range(of: ") ")?.upperBound, OutputLine.number(text[..<end].dropLast(2)) != nil else {
            return nil
        }
        let name = text[end...]
        // Mocha says it below the suite's name.
        return line.indent >= 4 || name.range(of: "::") != nil || name.hasPrefix("test ") ? name : nil
    }

    private func name(in line: OutputLine, _ rest: Substring) -> Substring? {
        var name = rest
        if let until, let end = rest.range(of: until) {
            name = rest[..<end.lowerBound]
        } else if until != nil, !isEndOptional {
            return nil
        }
        if let holding, !line.contains(holding) { return nil }
        switch prefix {
        case "rspec ./": return name.range(of: " # ").map { name[$0.upperBound...] } ?? name
        case "{": return line.test
        case "FAIL: ": return name.first?.isNumber == true ? nil : name
        case "not ok ": return line.contains("# TODO") || line.contains("# SKIP") ? nil : point(name)
        case "FAIL [": return name.range(of: "] ").map { name[$0.upperBound...] }
        case "[ERROR] ": return line.contains("<<<") && !line.contains("Tests run:") ? trimmed(name) : nil
        default: return name.utf8.last == UInt8(ascii: ":") ? nil : name
        }
    }

    /// Without the number.
    private func point(_ name: Substring) -> Substring {
        let rest = name.drop { $0.isNumber || $0 == " " }
        return rest.hasPrefix("- ") ? rest.dropFirst(2) : rest
    }

    private func trimmed(_ name: Substring) -> Substring {
        var name = name
        while let last = name.last, last == " " || last == "-" { name = name.dropLast() }
        return name
    }
}

extension OutputLine {
    /// The test of an event of `go test -json`.
    fileprivate var test: Substring? {
        range(of: "\"Test\":\"").map { text[$0.upperBound...].prefix { $0 != "\"" } }
    }
}
