import Foundations
import Testing

@Suite struct HostPatternTests {
    private func pattern(_ text: String) throws -> HostPattern { try #require(HostPattern(text), "\(text)") }

    @Test(arguments: [
        ("pypi.org", "pypi.org", 443, true), ("pypi.org", "pypi.org", 80, true), ("PyPI.org", "pypi.org", 443, true),
        ("pypi.org", "pypi.org", 8080, false), ("pypi.org", "a.pypi.org", 443, false),
        ("pypi.org", "xpypi.org", 443, false), ("*.example.com", "a.example.com", 443, true),
        ("*.example.com", "a.b.example.com", 443, true), ("*.example.com", "example.com", 443, false),
        ("*.example.com", "badexample.com", 443, false), ("nexus.corp:8081", "nexus.corp", 8081, true),
        ("nexus.corp:8081", "nexus.corp", 443, false), ("127.0.0.1:99", "127.0.0.1", 99, true),
        ("[::1]:99", "::1", 99, true), ("pypi.org.", "pypi.org", 443, true),
    ])
    func `a pattern allows hosts by name and port`(text: String, host: String, port: Int, isAllowed: Bool) throws {
        let port = try #require(UInt16(exactly: port))
        #expect(try pattern(text).allows(host, port: port) == isAllowed)
    }

    @Test(arguments: [
        "", "*", "*.", "*.com", "a b", "https://pypi.org", "pypi.org/simple", "user@pypi.org", "pypi.org:",
        "pypi.org:0",
        "pypi.org:65536", "pypi.org:+80", "a..b", "-a.b", "*.127.0.0.1", "::1", "[::1", "[x]", "a.*.b", "ä.de",
        String(repeating: "a.", count: 127) + "aa",
    ])
    func `what is no host is no pattern`(text: String) {
        #expect(HostPattern(text) == nil)
    }

    @Test(arguments: [
        ("pypi.org", "pypi.org", true), ("*.a.com", "b.a.com", true), ("*.a.com", "*.a.com", true),
        ("*.a.com", "*.b.a.com", true), ("*.a.com", "a.com", false), ("b.a.com", "*.a.com", false),
        ("*.b.a.com", "*.a.com", false), ("a.com", "a.com:443", true), ("a.com", "a.com:8080", false),
        ("a.com:443", "a.com", false), ("a.com:8080", "a.com:8080", true), ("*.a.com:8080", "x.a.com:8080", true),
    ])
    func `a pattern covers another where it allows all of it`(text: String, other: String, covers: Bool) throws {
        #expect(try pattern(text).covers(pattern(other)) == covers)
    }

    @Test func `a pattern is written as it is read`() throws {
        for text in ["pypi.org", "*.example.com", "nexus.corp:8081", "[::1]:99", "*.a.b:1"] {
            #expect(try pattern(text).description == text)
        }
    }
}
