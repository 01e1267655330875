import Foundations
import TestSupport
import Testing

@testable import Setup

@Suite struct ProxyRequestTests {
    private func read(_ head: String) throws -> ProxyRequest { try ProxyRequest(head) }

    @Test func `a tunnel names its host and port`() throws {
        let request = try read("CONNECT PyPI.org:443 HTTP/1.1\r\nHost: evil.example:443")
        #expect(request.host == "pypi.org" && request.port == 443 && request.head == nil)
        #expect(try read("CONNECT [::1]:8443 HTTP/1.1").host == "::1")
    }

    @Test func `a document is asked for by its path, under the host of its address`() throws {
        let request = try read(
            "GET http://PyPI.org:8080/simple?x=1 HTTP/1.1\r\nHost: evil.example\r\nProxy-Authorization: Basic x\r\n"
                + "Proxy-Connection: keep-alive\r\nAccept: */*")
        #expect(request.host == "pypi.org" && request.port == 8080)
        #expect(
            request.head
                == "GET /simple?x=1 HTTP/1.1\r\nHost: PyPI.org:8080\r\nConnection: close\r\nAccept: */*\r\n\r\n")
        #expect(try read("HEAD http://a.b HTTP/1.0").head?.hasPrefix("HEAD / HTTP/1.1\r\nHost: a.b\r\n") == true)
        #expect(try read("GET http://a.b HTTP/1.0").port == 80)
    }

    @Test(arguments: [
        "", "GET", "GET / HTTP/1.1", "GET https://a.b/ HTTP/1.1", "CONNECT a.b HTTP/1.1", "CONNECT a.b:0 HTTP/1.1",
        "CONNECT user@a.b:443 HTTP/1.1", "GET http://user:x@a.b/ HTTP/1.1", "GET http:///x HTTP/1.1",
        "GET http://a.b/ HTTP/1.1\nHost: c", "GET http://a.b/ HTTP/1.1\r\nX: 1\nY: 2", "GET ftp://a.b/ HTTP/1.1",
        "GET http://a.b/ HTTP/1.1\r\nContent-Length: 3", "GET http://a.b/ HTTP/1.1\r\ntransfer-encoding: chunked",
        "GET http://a.b/ HTTP/1.1\r\nX: 1\r\n Content-Length: 3", "CONNECT  a.b:443 HTTP/1.1", "GET http://a.b/ X",
        "CONNECT a.b:443\u{0}c HTTP/1.1",
    ])
    func `anything else is refused`(head: String) {
        #expect(throws: ProxyRefusal.self) { try read(head) }
    }

    @Test(arguments: ["POST", "PUT", "DELETE", "OPTIONS"])
    func `only documents are fetched`(method: String) {
        let refusal = #expect(throws: ProxyRefusal.self) { try read("\(method) http://a.b/ HTTP/1.1") }
        #expect(refusal?.status == 405)
    }

    @Test func `no head of any form crashes or sends a second one`() {
        var numbers = SeededNumbers(seed: 7)
        let parts = [
            "GET", "CONNECT", " ", "http://", "a.b", ":80", "/", "HTTP/1.1", "\r\n", "\r", "\n", "Host:", "[", "]",
            "::1",
            "\u{0}", "é", "content-length: 1", "*", "@", "?", "#", ".",
        ]
        for _ in 0..<20_000 {
            let head = (0..<Int.random(in: 0...12, using: &numbers)).map { _ in
                parts.randomElement(using: &numbers) ?? ""
            }.joined()
            guard let request = try? ProxyRequest(head), let sent = request.head else { continue }
            #expect(sent.ranges(of: "\r\n\r\n").count == 1 && sent.hasSuffix("\r\n\r\n"))
            #expect(!request.host.isEmpty && request.port > 0)
        }
    }
}
