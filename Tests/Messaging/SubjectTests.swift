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
}
