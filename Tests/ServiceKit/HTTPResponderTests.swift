import Foundations
import TestSupport
import Testing

@testable import ServiceKit

@Suite struct HTTPResponderTests {
    private static let long = String(repeating: "long line\n", count: 20_000)

    /// Serves while `body` runs.
    private func serve(
        timeLimit: Duration = .seconds(20), _ body: @escaping @Sendable (UInt16) async throws -> Void
    ) async throws {
        let responder = try HTTPResponder(port: 0, timeLimit: timeLimit)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await responder.run([
                    "/short": { HTTPAnswer(.ok, "short\n") }, "/long": { HTTPAnswer(.ok, Self.long) },
                ])
            }
            try await body(responder.port)
            group.cancelAll()
        }
    }

    private static func ask(_ text: String, _ port: UInt16) async throws -> String {
        let client = try await RawClient.connect(to: port)
        client.send(text)
        return try await client.reply()
    }

    private static let request = "GET /short HTTP/1.1\r\nHost: a\r\n\r\n"

    @Test func `a path is served with its length, and the connection ends`() async throws {
        try await serve { port in
            let reply = try await Self.ask("GET /short?a=b HTTP/1.1\r\nHost: a\r\n\r\n", port)
            #expect(reply.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(reply.hasSuffix("Content-Length: 6\r\nConnection: close\r\n\r\nshort\n"))
            #expect(try await Self.ask("GET /long HTTP/1.0\r\n\r\n", port).hasSuffix("\r\n\r\n" + Self.long))
        }
    }

    @Test func `HEAD is answered like GET, without the body`() async throws {
        try await serve { port in
            let reply = try await Self.ask("HEAD /short HTTP/1.1\r\n\r\n", port)
            #expect(
                reply.hasPrefix("HTTP/1.1 200 OK\r\n")
                    && reply.hasSuffix("Content-Length: 6\r\nConnection: close\r\n\r\n"))
        }
    }

    @Test(arguments: [
        ("POST /short HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc", "405"), ("DELETE /short HTTP/1.1\r\n\r\n", "405"),
        ("GET / HTTP/1.1\r\n\r\n", "404"), ("POST /other HTTP/1.1\r\n\r\n", "404"),
        ("GET /../short HTTP/1.1\r\n\r\n", "404"), ("rubbish\r\n\r\n", "400"), ("\r\n\r\n", "400"),
        ("GET  /short HTTP/1.1\r\n\r\n", "400"), ("GET /sh\u{1}rt HTTP/1.1\r\n\r\n", "400"),
        ("GET /short HTTP/2.0\r\n\r\n", "400"), ("GET /sh\0rt HTTP/1.1\r\n\r\n", "400"),
        ("GET short HTTP/1.1\r\n\r\n", "400"), (String(repeating: "x", count: 9000), "431"),
        ("GET /short HTTP/1.1\r\nX: " + String(repeating: "x", count: 500_000), "431"),
    ])
    func `what is not to be served is refused with its status`(_ request: String, _ status: String) async throws {
        try await serve { port in
            let reply = try await Self.ask(request, port)
            #expect(reply.hasPrefix("HTTP/1.1 \(status) "))
            #expect(reply.contains("Allow: GET, HEAD\r\n") == (status == "405"))
        }
    }

    @Test func `a request may come in pieces`() async throws {
        try await serve { port in
            let client = try await RawClient.connect(to: port)
            for piece in ["GET /sh", "ort HTTP/1.1\r", "\n\r", "\n"] {
                client.send(piece)
                // Another request in between: the server has read the piece.
                #expect(try await Self.ask(Self.request, port).hasSuffix("short\n"))
            }
            #expect(try await client.reply().hasSuffix("short\n"))
        }
    }

    @Test func `a client that says nothing is let go, and holds up nobody`() async throws {
        try await serve(timeLimit: .seconds(1)) { port in
            let silent = try await RawClient.connect(to: port)
            let slow = try await RawClient.connect(to: port)
            slow.send("GET /short HT")
            let deaf = try await RawClient.connect(to: port)
            deaf.send("GET /long HTTP/1.1\r\n\r\n")
            #expect(try await Self.ask(Self.request, port).hasSuffix("short\n"))
            #expect(try await silent.reply().isEmpty)
            #expect(try await slow.reply().isEmpty)
        }
    }

    @Test func `clients that fill every place give way within a moment`() async throws {
        try await serve { port in
            var silent: [RawClient] = []
            for _ in 0..<120 { silent.append(try await RawClient.connect(to: port)) }
            let start = ContinuousClock.now
            #expect(try await Self.ask(Self.request, port).hasSuffix("short\n"))
            #expect(ContinuousClock.now - start < .seconds(10))
            withExtendedLifetime(silent) {}
        }
    }

    @Test func `a crowd is served, each with an answer`() async throws {
        try await serve { port in
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<200 { group.addTask { try await Self.ask(Self.request, port).hasSuffix("short\n") } }
                for try await isServed in group { #expect(isServed) }
            }
        }
    }

    @Test func `a port that is taken is an error`() throws {
        let first = try HTTPResponder(port: 0)
        #expect(throws: (any Error).self) { try HTTPResponder(port: first.port) }
    }
}
