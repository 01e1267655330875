import Foundation
import Foundations
import Testing

@Suite struct JSONParserTests {
    @Test(
        arguments: [
            ("null", .null), (" true\r\n", true), ("false", false), ("0", 0), ("-0", 0), ("17", 17), ("1.0", 1),
            ("-2.5e-1", -0.25), ("1E2", 100), ("9223372036854775807", 9_223_372_036_854_775_807),
            ("9223372036854775808", .double(9_223_372_036_854_775_808)), (#""""#, ""), (#""ä😀""#, "ä😀"),
            (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u00e4\uD83D\uDE00\u0000""#, "ä😀\u{0}"), ("[]", []),
            ("[1 , [ ] ,{}]", [1, [], [:]]), ("{}", [:]),
            (#"{ "a" : 1,"b":{"c":[null]} }"#, ["a": 1, "b": ["c": [nil]]]),
            (#"{"a":1,"a":2}"#, ["a": 2]),
        ] as [(String, JSONValue)])
    func `what is JSON is read`(_ text: String, _ expected: JSONValue) throws {
        #expect(try JSONValue(parsing: text) == expected)
    }

    @Test(arguments: [
        "", " ", "nul", "nullx", "True", "'a'", "\"a", "\"\t\"", #""\x""#, #""\u12""#, #""\u12g4""#, #""\ud800""#,
        #""\ud800\u0041""#, #""\udc00""#, "01", "-", "+1", ".5", "1.", "1e", "1e999", "0x1", "NaN", "[", "[1", "[1,]",
        "[,1]", "[1 2]", "]", "{", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,}", "{a:1}", "{1:1}", "1 2", "[]]",
        "\u{FEFF}1", "// comment\n1",
    ])
    func `what is not JSON is refused`(_ text: String) {
        #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: text) }
    }

    @Test(arguments: [
        [0x22, 0xFF, 0x22], [0x22, 0xC3, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22],
    ])
    func `bytes that are not UTF-8 are refused`(_ bytes: [UInt8]) {
        #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: Data(bytes)) }
    }

    @Test func `nesting is read to 512 levels and refused beyond`() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(throws: Never.self) { try JSONValue(parsing: nested(512)) }
        #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: nested(513)) }
        #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: String(repeating: "[{\"a\":", count: 1 << 20)) }
    }

    @Test func `the error says where`() {
        let error = #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: "[1, x]") }
        #expect(error?.description == "not JSON at byte 4")
    }

    @Test func `it reads what Foundation writes and Foundation reads the same`() throws {
        let scalars = (0...0x2FFF).compactMap { Unicode.Scalar($0 as UInt32) }
        let value: JSONValue = [
            "text": .string(String(String.UnicodeScalarView(scalars))), "numbers": [0.1, -1e-7, 1e20, 123_456_789.125],
        ]
        let data = try value.data()
        #expect(try JSONValue(parsing: data) == value)
        #expect(try JSONDecoder().decode(JSONValue.self, from: data) == value)
    }
}
