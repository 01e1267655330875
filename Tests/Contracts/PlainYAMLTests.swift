import Contracts
import Foundation
import Foundations
import TestSupport
import Testing
import Yams

@Suite(.timeLimit(.minutes(2 * Fuzzer.factor))) struct PlainYAMLTests {
    private static let document = """
        # How this repository is validated.
        validation:   # the usual
          commands:
            - make lint
            - "echo \\"a: b\\" # no comment"
            - 'it''s # fine'
            - -x --flag=a#b    # a comment
            - |
              set -e
              # not a comment

              make test
                indented
          others: [a, "b, c", 'd']
        empty:
        list:
        - same indentation
        tail: [ ]

        """

    private func parse(_ text: String) throws -> JSONValue { try PlainYAML.parse(Data(text.utf8)) }

    @Test func `fields, lists, quotes, comments and blocks are read`() throws {
        #expect(
            try parse(Self.document) == [
                "validation": [
                    "commands": [
                        "make lint", "echo \"a: b\" # no comment", "it's # fine", "-x --flag=a#b",
                        "set -e\n# not a comment\n\nmake test\n  indented\n",
                    ],
                    "others": ["a", "b, c", "d"],
                ],
                "empty": .null, "list": ["same indentation"], "tail": [],
            ])
    }

    @Test(
        arguments: [
            ("", [:]), ("\n# nothing\n", [:]), ("---\na: b\n", ["a": "b"]), ("\u{FEFF}a: b", ["a": "b"]),
            ("a: b\r\nc:\r\n  - d\r\n", ["a": "b", "c": ["d"]]), ("a: |-\n  x\n\n  y\n\n", ["a": "x\n\ny"]),
            ("a: |+\n  x\n\nb: c\n", ["a": "x\n\n", "b": "c"]), ("a : true\nb: 007", ["a": "true", "b": "007"]),
            ("a: ü ✓ 李\n", ["a": "ü ✓ 李"]), ("a: e\u{301}x 1\u{FE0F}\u{20E3}", ["a": "e\u{301}x 1\u{FE0F}\u{20E3}"]),
            ("a: http://x/y#z", ["a": "http://x/y#z"]), ("a: [ 'b', \"c\" ] # d", ["a": ["b", "c"]]),
            ("a:\n# b\n  - c\n    # d\n  - e", ["a": ["c", "e"]]),
            ("a:\n  b:\n    c:\n      - d\n", ["a": ["b": ["c": ["d"]]]]),
        ] as [(String, JSONValue)])
    func `other documents are`(text: String, value: JSONValue) throws { #expect(try parse(text) == value) }

    @Test(arguments: [
        ("a: *b", 1), ("a: &b c", 1), ("a: !!str b", 1), ("a: {b: c}", 1), ("a: >\n  b", 1), ("a: |2\n   b", 1),
        ("a: b\na: c", 2), ("a: b\n  c", 2), ("a:\n  b: c\n d: e", 3), ("- a", 1), ("a:\n  - b: c", 2),
        ("a:\n  - - b", 2), ("a:\n\t- b", 2), ("a: \"b", 1), ("a: 'b", 1), ("a: \"\\x41\"", 1), ("a: [b", 1),
        ("a: [b, [c]]", 1), ("a: [b: c]", 1), ("a: b: c", 1), ("a: @b", 1), ("a: \"b\" c", 1), ("? a\n: b", 1),
        ("a: b\n---\nc: d", 2), ("  a: b", 1), ("<<: b", 1), ("a: \u{0}", 1), ("a:\n  -\n", 2), ("%YAML 1.2", 1),
        ("just text", 1), ("a:b", 1), ("a: -", 1), ("a: b #\u{301}c", 1), ("a: b\nc: d:\u{20E3} e", 2),
        ("a: \"b\"\u{301}", 1),
        ("a:\n  - b \u{301}", 2), ("validation:\n  commands:\n    - run: make", 3), ("a: b\n...", 2),
        ("a: [b,\n  c]", 1), ("a: >-\n  b", 1), ("a: yes\n\"b\": c", 2), ("a: [,]", 1), ("a: |\n    b\n  c", 3),
        ("\"a\": b", 1),
    ])
    func `the rest of YAML is refused by its line`(text: String, line: Int) {
        let error = #expect(throws: FieldError.self) { try parse(text) }
        #expect(error?.path == "line \(line)", "\(error?.description ?? "")")
    }

    @Test func `what is too large, too deep or no text is refused`() {
        let deep = (0..<2000).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
        #expect(throws: FieldError.self) { try parse(String(deep.prefix(60_000))) }
        #expect(throws: FieldError.self) { try parse("a: " + String(repeating: "b", count: 70_000)) }
        #expect(throws: FieldError.self) { try PlainYAML.parse(Data([0x61, 0x3A, 0x20, 0xFF])) }
        #expect(throws: FieldError.self) { try parse("a: " + String(repeating: "[", count: 60_000)) }
    }

    @Test func `what is taken means what YAML says`() throws {
        var random = SeededNumbers(seed: 10_040)
        var taken = 0
        let pieces = [
            "a: ", "b:", "c: x", "- ", "-", "  ", "\n", "\n  ", "\n    ", "\"", "'", "#", " #", ": ", ":", "[", "]",
            ", ",
            "|", "|-\n", "|+\n", "x y", "&", "*", "!", "{", "}", "\\", "\\n", "--f", "é", "''", "true", "~", "\n- ",
            "\n  - ", "\nd: ", "\r\n", "@", "%", "?", ">",
        ]
        for _ in 0..<20_000 * Fuzzer.factor {
            var text = Bool.random(using: &random) ? "a: " : "a:\n  - "
            for _ in 0..<Int.random(in: 1...8, using: &random) { text += pieces.randomElement(using: &random) ?? "" }
            text += "\n"
            guard let value = try? parse(text) else { continue }
            taken += 1
            let node = try? Yams.compose(yaml: text)
            #expect(node.map(Self.value) == value, "\(text.debugDescription)")
        }
        #expect(taken > 200)
    }

    @Test func `rubbish is read or refused, and costs no time`() {
        var fuzzer = Fuzzer(seed: 10_041)
        let document = Data(Self.document.utf8)
        for _ in 0..<3000 * Fuzzer.factor { _ = try? PlainYAML.parse(fuzzer.variant(of: document)) }
        let start = ContinuousClock.now
        for piece in ["a:\n", "- ", "[", "\"", "'", "a: |\n", " ", "\n", "#", "a: b\n", "a:\n- b\n", "|"] {
            _ = try? parse(String(repeating: piece, count: 60_000 / piece.utf8.count))
        }
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    private static func value(_ node: Node) -> JSONValue {
        switch node {
        case .scalar(let scalar): scalar.string.isEmpty && scalar.style == .plain ? .null : .string(scalar.string)
        case .sequence(let values): .array(values.map(value))
        case .mapping(let pairs):
            .object(Dictionary(pairs.map { ($0.key.string ?? "", value($0.value)) }) { $1 })
        case .alias: "an alias"
        }
    }
}
