import Foundations
import TaskFiles
import Testing

@Suite struct YAMLDocumentTests {
    @Test(
        arguments: [
            ("2", 2), ("-7", -7), ("1.5", 1.5), ("1e3", 1000.0), ("true", true), ("no", false), ("~", nil), ("", nil),
            ("'2'", "2"), ("\"true\"", "true"), ("12:30", "12:30"), ("2026-11-28", "2026-11-28"), ("1.2.3", "1.2.3"),
            ("nan", "nan"), ("|\n  2\n", "2\n"), ("[1, a]", [1, "a"]), ("{\"a\": [null]}", ["a": [nil]]),
            ("{a: &x {b: 1}, c: {<<: *x, d: 2}}", ["a": ["b": 1], "c": ["b": 1, "d": 2]]),
        ] as [(String, JSONValue)])
    func `values are of the type that they look like, and texts in quotes are texts`(
        _ text: String, _ value: JSONValue
    ) throws {
        #expect(try YAMLDocument("a: \(text)\n").value == ["a": value])
    }

    @Test func `a place is that of the value, or of what is nearest to it`() throws {
        let document = try YAMLDocument("a:\n  - b: 1\n    c: [x, y]\n")
        for (path, line, column) in [
            ("a", 2, 3), ("a[0]", 2, 5), ("a[0].b", 2, 8), ("a[0].c[1]", 3, 12), ("a[0].missing", 2, 5),
            ("a[7].b", 2, 3), ("", 1, 1),
        ] {
            #expect(document.place(of: path) == TextPlace(line: line, column: column), "\(path)")
        }
    }
}
