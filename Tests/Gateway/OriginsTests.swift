import Foundations
import Testing

@testable import GatewayService

@Suite struct OriginsTests {
    private let own = Origins(port: 5000, host: "127.0.0.1")
    private let proxied = Origins(
        port: 5000, host: "0.0.0.0",
        others: Set(["https://automata.example.com", "http://box:8080"].compactMap { Origins.Origin($0) }))

    @Test(arguments: ["127.0.0.1:5000", "localhost:5000", "LOCALHOST:5000", "[::1]:5000"])
    func `the loopback address has its names, with the port`(_ authority: String) {
        #expect(own.holds(authority: authority) && proxied.holds(authority: authority))
    }

    @Test(arguments: [
        "", "127.0.0.1", "localhost", "127.0.0.1:5001", "evil.example:5000", "127.0.0.1.evil.example:5000",
        "127.0.0.2:5000",
        "localhost:5000:5000", "localhost:5000/", "user@localhost:5000", "[::1", "0.0.0.0:5000", "automata.example.com",
    ])
    func `under any other name it is not found`(_ authority: String) {
        #expect(!own.holds(authority: authority))
    }

    @Test func `the settings name others, with the ports of their schemes`() {
        for authority in ["automata.example.com", "automata.example.com:443", "box:8080", "0.0.0.0:5000"] {
            #expect(proxied.holds(authority: authority), "\(authority)")
        }
        for authority in ["automata.example.com:80", "box", "box:80", "example.com"] {
            #expect(!proxied.holds(authority: authority), "\(authority)")
        }
    }

    @Test func `a page of the same name may ask, no other`() {
        #expect(own.allows(origin: "http://localhost:5000", authority: "localhost:5000"))
        #expect(proxied.allows(origin: "https://automata.example.com", authority: "automata.example.com"))
        let others = [
            "null", "", "https://localhost:5000", "http://localhost", "http://127.0.0.1:5000", "http://localhost:5001",
            "http://evil.example", "file://", "http://automata.example.com", "https://automata.example.com",
        ]
        for origin in others { #expect(!own.allows(origin: origin, authority: "localhost:5000"), "\(origin)") }
        #expect(!proxied.allows(origin: "http://automata.example.com", authority: "automata.example.com"))
    }

    @Test func `a cookie is for HTTPS where browsers come by it`() {
        #expect(proxied.isSecure(authority: "automata.example.com"))
        #expect(!proxied.isSecure(authority: "box:8080") && !proxied.isSecure(authority: "localhost:5000"))
    }
}
