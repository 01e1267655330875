import Foundation
import Foundations
import TestSupport
import Testing

@testable import Transfer

@Suite(.timeLimit(.minutes(1))) struct HTTPClientTests {
    let client = HTTPClient()

    @Test func `a request arrives as it was made and its reply comes back whole`() async throws {
        let stub = try await HTTPStub { request in
            .text("got \(request.text)", status: 201, headers: ["X-Answer": "42"])
        }
        let response = try await client.send(
            HTTPRequest(
                method: "POST", url: stub.url + "/a?b=c",
                headers: [("X-One", "1"), ("X-Empty", ""), ("Authorization", "Bearer key")], body: Data("body".utf8)))
        #expect(response.status == 201)
        #expect(response.headers["x-answer"] == "42")
        #expect(String(decoding: response.body, as: UTF8.self) == "got body")
        let request = try #require(stub.requests.elements.first)
        #expect(request.method == "POST")
        #expect(request.target == "/a?b=c")
        #expect(request.headers["x-one"] == "1")
        #expect(request.headers["x-empty"] == "")
        #expect(request.headers["authorization"] == "Bearer key")
        #expect(request.headers["content-type"] == nil)
        #expect(request.headers["expect"] == nil)
    }

    @Test func `a request that is no longer permitted when it would go out is not sent`() async throws {
        let stub = try await HTTPStub { _ in .status(200) }
        let asked = Recorder<Void>()
        let permission = SendPermission {
            asked.record(())
            return asked.elements.count > 1
        }
        try await SendPermission.$current.withValue(permission) {
            let error = await #expect(throws: TransferError.self) { try await client.send(HTTPRequest(url: stub.url)) }
            #expect(error?.code == .cancelled && stub.requests.elements.isEmpty)
            let second = try await client.send(HTTPRequest(url: stub.url))
            #expect(second.status == 200)
        }
        #expect(asked.elements.count == 2)
    }

    @Test(arguments: [0, 1, 16 << 10, 65_537, 5 << 20])
    func `a body of any size is sent whole`(_ size: Int) async throws {
        let body = Data((0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        let stub = try await HTTPStub { _ in .status(200) }
        _ = try await client.send(HTTPRequest(method: "PUT", url: stub.url, body: body))
        #expect(stub.requests.elements.first?.body == body)
    }

    @Test func `a connection is used again, also after an error status`() async throws {
        let server = try RawServer { connection in
            while connection.readHead() != nil { connection.write("HTTP/1.1 500 No\r\nContent-Length: 2\r\n\r\nno") }
        }
        for _ in 0..<20 {
            let response = try await client.send(HTTPRequest(url: server.url))
            #expect(response.status == 500)
        }
        #expect(server.connectionCount == 1)
    }

    @Test func `a connection that the server closed meanwhile is replaced`() async throws {
        let server = try RawServer { connection in
            _ = connection.readHead()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        }
        for _ in 0..<5 {
            let response = try await client.send(HTTPRequest(method: "POST", url: server.url))
            #expect(response.status == 200)
        }
    }

    @Test func `many requests run side by side`() async throws {
        let gate = Gate()
        let stub = try await HTTPStub { request in
            try await gate.wait()
            return .text(request.path)
        }
        let bodies = try await withThrowingTaskGroup(of: String.self) { group in
            for number in 0..<50 {
                group.addTask { [client] in
                    let response = try await client.send(HTTPRequest(url: stub.url + "/\(number)"))
                    return String(decoding: response.body, as: UTF8.self)
                }
            }
            try await stub.waitFor(50)
            gate.open()
            var bodies: Set<String> = []
            for try await body in group { bodies.insert(body) }
            return bodies
        }
        #expect(bodies == Set((0..<50).map { "/\($0)" }))
    }

    @Test func `a redirect is an answer, unless asked to follow it`() async throws {
        let target = try await HTTPStub { _ in .text("target") }
        let stub = try await HTTPStub { _ in .redirect(to: target.url + "/there") }
        let answer = try await client.send(HTTPRequest(url: stub.url))
        #expect(answer.status == 302)
        #expect(target.requests.count == 0)
        let followed = try await client.send(HTTPRequest(url: stub.url, followRedirects: true))
        #expect(followed.status == 200)
        #expect(String(decoding: followed.body, as: UTF8.self) == "target")
    }

    @Test func `a redirect to another scheme is not followed`() async throws {
        let stub = try await HTTPStub { _ in .redirect(to: "file:///etc/passwd") }
        let error = await #expect(throws: TransferError.self) {
            try await client.send(HTTPRequest(url: stub.url, followRedirects: true))
        }
        #expect(error?.code == .protocol)
    }

    @Test func `a reply without a body and a HEAD request end at once`() async throws {
        let stub = try await HTTPStub { $0.method == "HEAD" ? .text("unseen") : .status(204) }
        #expect(try await client.send(HTTPRequest(url: stub.url)).status == 204)
        let head = try await client.send(HTTPRequest(method: "HEAD", url: stub.url))
        #expect(head.status == 200)
        #expect(head.body.isEmpty)
    }

    @Test func `a provisional reply is passed over`() async throws {
        let server = try RawServer { connection in
            _ = connection.readHead()
            connection.write(
                "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        }
        let response = try await client.send(HTTPRequest(url: server.url))
        #expect(response.status == 200)
        #expect(response.headers["Link"] == nil)
    }

    @Test func `the client may go away while a body is read`() async throws {
        let server = try RawServer { connection in
            _ = connection.readHead()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n")
            connection.write("body")
            connection.waitForClose()
        }
        let response = try await HTTPClient().stream(HTTPRequest(url: server.url))
        #expect(try await response.body.collect() == Data("body".utf8))
    }
}
