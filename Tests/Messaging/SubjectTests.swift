import Messaging
import Testing

@Suite("Subjects")
struct SubjectTests {
    @Test(arguments: [
        ("a.b", "a.b", true), ("a.b", "a.*", true), ("a.b", "*.b", true), ("a.b", ">", true), ("a.b", "a.>", true),
        ("a", "a.>", false), ("a.b.c", "a.*", false), ("a.b", "a.b.c", false), ("a.b", "a", false), ("a", "*", true),
    ])
    func `a pattern matches token by token`(_ subject: String, _ pattern: String, _ expected: Bool) {
        #expect(Subject.matches(subject, pattern) == expected)
    }

    @Test func `the longest subject is 1,024 bytes`() throws {
        try Subject.validate(String(repeating: "x", count: 1024))
        #expect(throws: BusError.self) { try Subject.validate(String(repeating: "x", count: 1025)) }
    }

    @Test(arguments: [
        ("a.b", "a.b", true), ("a.*", "a.b", true), ("a.b", "a.*", false), ("a.*", "a.*", true), ("a.>", "a.*", true),
        ("a.*", "a.>", false), ("a.>", "a.>", true), (">", "a.>", true), ("a.>", ">", false), ("a.>", "a", false),
        ("*.*", "a.b.c", false), ("a.*.c", "a.b.*", false), ("a", "a.b", false), ("*", ">", false),
    ])
    func `a pattern covers another if all that the other takes falls under it`(
        _ wide: String, _ narrow: String, _ expected: Bool
    ) {
        #expect(Subject.covers(wide, narrow) == expected)
    }

    @Test(arguments: [
        (["a", "b"], ["b", "c"], ["a", "b", "c"]), ([], ["a"], ["a"]), (["a.*"], ["a.b"], ["a.*"]),
        (["a.b", "c", "a.d"], ["a.>"], ["c", "a.>"]), (["a"], [], ["a"]),
    ])
    func `a union has each pattern once, and none that another covers`(
        _ first: [String], _ second: [String], _ expected: [String]
    ) {
        #expect(Subject.union(first, second) == expected)
        #expect(Subject.union(expected, second) == expected)
    }
}
