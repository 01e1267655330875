/// What a file of tests declares, checks and skips, as far as its text tells.
///
/// Counting tests that really ran says more; this is for what nobody counts, and to name files.
package struct TestText: Sendable, Hashable {
    private enum Kind { case test, check, skip }

    /// A text that tells something, and whether it does so only at the beginning of a word: `it(`, but not `emit(`.
    private struct Sign {
        let kind: Kind
        let bytes: [UInt8]
        let beginsWord: Bool
    }

    private static let tests = [
        "def test", "func test", "@Test", "func Test", "#[test]", "#[tokio::test]", "void test", "test(", "it(",
        "@test",
    ]
    private static let checks = [
        "assert", "Assert", "expect(", "#expect", "#require", "should", "t.Error", "t.Fatal", "fail(",
    ]
    private static let skips = [
        "unittest.skip", "mark.skip", "mark.xfail", "skipTest(", "pytest.skip(", "t.Skip(", "t.SkipNow(", "#[ignore",
        "XCTSkip", "@Disabled", "@Ignore", "skip: true", "skip:true",
    ]
    private static let skippingWords = [
        "it.skip(", "test.skip(", "describe.skip(", "suite.skip(", "context.skip(", "this.skip(", "xit(", "xdescribe(",
        ".disabled(",
    ]

    /// By their first byte.
    private static let signs: [[Sign]] = {
        var signs = [[Sign]](repeating: [], count: 256)
        func add(_ kind: Kind, _ texts: [String], beginsWord: Bool) {
            for bytes in texts.map({ Array($0.utf8) }) {
                signs[Int(bytes[0])].append(Sign(kind: kind, bytes: bytes, beginsWord: beginsWord))
            }
        }
        add(.test, tests, beginsWord: true)
        add(.check, checks, beginsWord: false)
        add(.skip, skips, beginsWord: false)
        add(.skip, skippingWords, beginsWord: true)
        return signs
    }()

    /// About how many tests it declares.
    package let tests: Int
    /// About how many things it checks.
    package let checks: Int
    /// About how many tests it skips.
    package let skips: Int
    package let isBlank: Bool
    /// Stands for the lines that declare or check something, without the blanks around them.
    let lines: Set<Int>

    /// Takes time in proportion to the length. Blocking: a change chooses how long it is.
    package init(_ text: String) {
        isBlank = text.unicodeScalars.allSatisfy(\.properties.isWhitespace)
        var lines: Set<Int> = []
        var (tests, checks, skips) = (0, 0, 0)
        for line in Array(text.utf8).split(separator: UInt8(ascii: "\n")) {
            let before = tests + checks
            Self.read(line) { kind in
                switch kind {
                case .test: tests += 1
                case .check: checks += 1
                case .skip: skips += 1
                }
            }
            if tests + checks > before { lines.insert(Self.trimmed(line).hashValue) }
        }
        (self.tests, self.checks, self.skips, self.lines) = (tests, checks, skips, lines)
    }

    private static func read(_ line: ArraySlice<UInt8>, _ found: (Kind) -> Void) {
        for start in line.indices {
            for sign in signs[Int(line[start])] where line[start...].starts(with: sign.bytes) {
                if sign.beginsWord, start > line.startIndex, isOfWord(line[start - 1]) { continue }
                found(sign.kind)
            }
        }
    }

    /// What may stand in a name, or before it as its owner: `pattern.test(text)` declares no test.
    private static func isOfWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default: false
        }
    }

    private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        func isBlank(_ byte: UInt8) -> Bool { byte <= UInt8(ascii: " ") }
        let end = line.lastIndex { !isBlank($0) }.map { $0 + 1 } ?? line.startIndex
        return line[..<end].drop(while: isBlank)
    }
}
