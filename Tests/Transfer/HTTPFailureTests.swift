import Foundation
import TestSupport
import Testing

@testable import Transfer

@Suite(.timeLimit(.minutes(1))) struct HTTPFailureTests {
    let client = HTTPClient()

    private func failure(_ request: HTTPRequest) async throws -> TransferError {
        try #require(await #expect(throws: TransferError.self) { try await client.send(request) })
    }

    @Test func `a refused connection is retriable`() async throws {
        let error = try await failure(HTTPRequest(url: "http://127.0.0.1:\(try FreePort.next())"))
        #expect(error.code == .refused)
        #expect(error.isRetriable)
    }

    @Test func `an unknown host is a failed resolution`() async throws {
        let error = try await failure(HTTPRequest(url: "http://no-such-host.invalid"))
        #expect(error.code == .resolve)
    }

    @Test func `a server that hangs before the headers meets the idle limit`() async throws {
        let server = try RawServer { $0.waitForClose() }
        let error = try await failure(HTTPRequest(url: server.url, idleTimeout: .milliseconds(200)))
        #expect(error.code == .timeout)
        #expect(error.isRetriable)
    }

    @Test func `a body that stops coming meets the idle limit`() async throws {
        let server = try RawServer { connection in
            _ = connection.readHead()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsome")
            connection.waitForClose()
        }
        let response = try await client.stream(HTTPRequest(url: server.url, idleTimeout: .milliseconds(200)))
        #expect(response.status == 200)
        let error = await #expect(throws: TransferError.self) { try await response.body.collect() }
        #expect(error?.code == .timeout)
    }

    @Test func `a server that drips for ever meets the total limit`() async throws {
        let server = try RawServer { connection in
            let drip = DispatchSemaphore(value: 0)
            connection.write("HTTP/1.1 200 OK\r\n")
            while connection.write("X: y\r\n") { _ = drip.wait(timeout: .now() + 0.02) }
        }
        let error = try await failure(HTTPRequest(url: server.url, timeout: .milliseconds(400)))
        #expect(error.code == .timeout)
    }

    @Test func `a body of 100 MB meets its limit, with or without a length`() async throws {
        let piece = Data(repeating: 7, count: 1 << 20)
        let server = try RawServer { connection in
            let withLength = connection.readHead()?.hasPrefix("GET /length") ?? false
            connection.write("HTTP/1.1 200 OK\r\n\(withLength ? "Content-Length: \(100 << 20)\r\n" : "")\r\n")
            for _ in 0..<100 where !connection.write(piece) { return }
        }
        for path in ["/length", "/endless"] {
            let error = try await failure(HTTPRequest(url: server.url + path, maxBodyBytes: 10 << 20))
            #expect(error.code == .tooLarge)
            #expect(!error.isRetriable)
        }
    }

    @Test func `endless headers meet their limit`() async throws {
        let server = try RawServer { connection in
            connection.write("HTTP/1.1 200 OK\r\n")
            while connection.write("X: \(String(repeating: "y", count: 1000))\r\n") {}
        }
        #expect(try await failure(HTTPRequest(url: server.url)).code == .tooLarge)
    }

    @Test(arguments: [
        "Content-Length: 100\r\n\r\nhalf", "Transfer-Encoding: chunked\r\n\r\n64\r\nhalf",
        "Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
    ])
    func `a body that is cut is an error, after the bytes that came`(_ reply: String) async throws {
        let server = try RawServer { connection in
            _ = connection.readHead()
            connection.write("HTTP/1.1 200 OK\r\n\(reply)")
        }
        let response = try await client.stream(HTTPRequest(url: server.url))
        var received = Data()
        let error = await #expect(throws: TransferError.self) {
            for try await bytes in response.body { received += bytes }
        }
        #expect(received == Data("half".utf8))
        #expect(error?.code == .interrupted)
        #expect(error?.isRetriable == true)
    }

    @Test func `a reset connection and an empty reply are interruptions`() async throws {
        let server = try RawServer { connection in
            if connection.readHead()?.hasPrefix("GET /reset") == true { connection.reset() }
        }
        for path in ["/reset", "/empty"] {
            #expect(try await failure(HTTPRequest(url: server.url + path)).code == .interrupted)
        }
    }

    @Test(arguments: [
        "garbage\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n", "HTTP/9.9 abc\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ])
    func `a peer that does not speak HTTP is an error`(_ reply: String) async throws {
        let server = try RawServer { connection in
            _ = connection.readHead()
            connection.write(reply)
        }
        _ = try await failure(HTTPRequest(url: server.url))
    }

    @Test(arguments: [
        ("X-A", "1\r\nX-B: 2"), ("X-A", "1\nX-B: 2"), ("X-A", "1\r"), ("X-A", "1\0"), ("X-A\r\nX-B", "1"), ("X A", "1"),
        ("", "1"), ("X:", "1"), ("Ä", "1"),
    ])
    func `a header cannot smuggle another one`(_ name: String, _ value: String) async throws {
        let stub = try await HTTPStub()
        let error = try await failure(HTTPRequest(url: stub.url, headers: [(name, value)]))
        #expect(error.code == .invalidRequest)
        #expect(stub.requests.count == 0)
    }

    @Test(arguments: [
        "http://127.0.0.1:1/\r\nX: y", "http://127.0.0.1:1/ HTTP/1.1", "http://127.0.0.1:1/\0", "http://ä.example/",
        "file:///etc/passwd", "gopher://127.0.0.1", "127.0.0.1:1", "", "http:/127.0.0.1",
    ])
    func `a URL cannot smuggle a header or another scheme`(_ url: String) async throws {
        let error = try await failure(HTTPRequest(url: url))
        #expect(error.code == .invalidRequest)
    }

    @Test(arguments: ["GET /x HTTP/1.1\r\nX:", "", "G ET", "GÄT"])
    func `a method is a token`(_ method: String) async throws {
        #expect(try await failure(HTTPRequest(method: method, url: "http://127.0.0.1:1")).code == .invalidRequest)
    }

    @Test func `an error names neither user info nor headers`() async throws {
        let url = "http://user:hunter2hunter2@127.0.0.1:\(try FreePort.next())/hook/topsecret?key=topsecret"
        let error = try await failure(HTTPRequest(url: url, headers: [("Authorization", "Bearer topsecret")]))
        #expect(!"\(error)".contains("hunter2"))
        #expect(!"\(error)".contains("topsecret"))
    }

    @Test func `the environment's proxy is not used`() async throws {
        setenv("http_proxy", "http://127.0.0.1:1", 1)
        defer { unsetenv("http_proxy") }
        let stub = try await HTTPStub()
        #expect(try await HTTPClient().send(HTTPRequest(url: stub.url)).status == 200)
    }
}
