import Foundation
import Foundations
import Synchronization
import TestSupport
import Testing

@testable import Transfer

@Suite(.timeLimit(.minutes(1))) struct StreamTests {
    let client = HTTPClient()

    @Test func `headers arrive before the body, and each piece as it is sent`() async throws {
        let gates = [DispatchSemaphore(value: 0), DispatchSemaphore(value: 0)]
        let server = try RawServer { connection in
            _ = connection.readHead()
            connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            gates[0].wait()
            connection.write("3\r\none\r\n")
            gates[1].wait()
            connection.write("3\r\ntwo\r\n0\r\n\r\n")
        }
        let response = try await client.stream(HTTPRequest(url: server.url))
        var pieces = response.body.makeAsyncIterator()
        gates[0].signal()
        #expect(try await pieces.next() == Data("one".utf8))
        gates[1].signal()
        #expect(try await pieces.next() == Data("two".utf8))
        #expect(try await pieces.next() == nil)
    }

    @Test func `a slow reader pauses the sender, then gets every byte`() async throws {
        let total = 64 << 20
        let sent = Mutex(0)
        let stalled = Gate()
        let server = try RawServer { connection in
            _ = connection.readHead()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(total)\r\n\r\n")
            let watch = DispatchSource.makeTimerSource()
            let last = Mutex(-1)
            watch.schedule(deadline: .now() + 0.1, repeating: 0.1)
            watch.setEventHandler {
                let now = sent.withLock { $0 }
                if last.withLock({ last in
                    defer { last = now }; return last == now
                }) {
                    stalled.open()
                }
            }
            watch.resume()
            let piece = Data((0..<65_536).map { UInt8(truncatingIfNeeded: $0 &* 7) })
            for _ in 0..<(total / piece.count) {
                guard connection.write(piece) else { break }
                sent.withLock { $0 += piece.count }
            }
            watch.cancel()
        }
        let response = try await client.stream(
            HTTPRequest(url: server.url, idleTimeout: .milliseconds(150), maxBodyBytes: total))
        try await stalled.wait("the sender to be paused")
        // Only the buffers of the kernel and of the client hold data.
        #expect(sent.withLock { $0 } < 16 << 20)
        var (received, sum, largest) = (0, 0, 0)
        for try await bytes in response.body {
            received += bytes.count
            largest = max(largest, bytes.count)
            sum = bytes.withUnsafeBytes { $0.reduce(sum) { $0 &+ Int($1) } }
        }
        #expect(received == total)
        #expect(sum == (0..<65_536).reduce(0) { $0 + ($1 * 7) % 256 } * (total / 65_536))
        #expect(largest <= 256 << 10)
    }

    @Test func `cancelling ends a request that waits for its headers at once`() async throws {
        try await expectPromptCancel { client, url in _ = try await client.send(HTTPRequest(url: url + "/hang")) }
    }

    @Test func `cancelling ends the reading of a body at once`() async throws {
        try await expectPromptCancel { client, url in
            let response = try await client.stream(HTTPRequest(url: url + "/body"))
            for try await _ in response.body {}
        }
    }

    private func expectPromptCancel(
        _ call: @escaping @Sendable (HTTPClient, String) async throws -> Void
    ) async throws {
        // The machine may be busy: the best of some attempts counts.
        var fastest = Duration.seconds(60)
        for _ in 0..<20 where fastest >= .milliseconds(100) { fastest = min(fastest, try await cancelTime(call)) }
        #expect(fastest < .milliseconds(100))
    }

    /// The time from cancelling `call` until it has thrown and the server saw the connection close.
    private func cancelTime(_ call: @escaping @Sendable (HTTPClient, String) async throws -> Void) async throws
        -> Duration
    {
        let (arrived, closed) = (Gate(), Gate())
        let server = try RawServer { connection in
            if connection.readHead()?.hasPrefix("GET /body") == true {
                connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
            }
            arrived.open()
            connection.waitForClose()
            closed.open()
        }
        let clock = ContinuousClock()
        let task = Task { [client] in try await call(client, server.url) }
        try await arrived.wait()
        let start = clock.now
        task.cancel()
        let result = await task.result
        let error = #expect(throws: TransferError.self) { try result.get() }
        #expect(error?.code == .cancelled)
        try await closed.wait("the connection to be closed")
        return clock.now - start
    }

    @Test func `a task that is cancelled already sends nothing`() async throws {
        let stub = try await HTTPStub()
        let task = Task { [client] in
            withUnsafeCurrentTask { $0?.cancel() }
            return try await client.send(HTTPRequest(url: stub.url))
        }
        let result = await task.result
        #expect(throws: TransferError.cancelled) { try result.get() }
        #expect(try await client.send(HTTPRequest(url: stub.url + "/next")).status == 200)
        #expect(stub.requests.elements.map(\.path) == ["/next"])
    }

    @Test func `a body that is dropped closes its connection`() async throws {
        let closed = Gate()
        let server = try RawServer { connection in
            _ = connection.readHead()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
            connection.waitForClose()
            closed.open()
        }
        #expect(try await client.stream(HTTPRequest(url: server.url)).status == 200)
        try await closed.wait()
    }

    @Test func `a body that is dropped right before its end keeps its connection`() async throws {
        let reused = Gate()
        let server = try RawServer { connection in
            var requests = 0
            while connection.readHead() != nil {
                requests += 1
                if requests > 1 { reused.open() }
                connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n")
                connection.write("0\r\n\r\n")
            }
        }
        // Which of the later requests gets the connection depends on when the end arrives; if it were closed, none did.
        for _ in 0..<1000 where !reused.isOpen {
            let response = try await client.stream(HTTPRequest(url: server.url))
            var pieces = response.body.makeAsyncIterator()
            #expect(try await pieces.next() != nil)
        }
        #expect(reused.isOpen)
    }

    @Test func `cancelling at any moment leaves nothing behind`() async throws {
        let stub = try await HTTPStub { _ in .text(String(repeating: "x", count: 10_000)) }
        for round in 0..<300 {
            let task = Task { [client] in try await client.send(HTTPRequest(url: stub.url)) }
            for _ in 0..<(round % 40) { await Task.yield() }
            task.cancel()
            if case .failure(let error) = await task.result { #expect((error as? TransferError)?.code == .cancelled) }
        }
        #expect(try await client.send(HTTPRequest(url: stub.url)).status == 200)
    }

    @Test func `two hundred streams wait side by side`() async throws {
        let open = Mutex(0)
        let (all, release) = (Gate(), DispatchSemaphore(value: 0))
        let count = 200
        let server = try RawServer { connection in
            _ = connection.readHead()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n")
            if open.withLock({
                $0 += 1; return $0
            }) == count {
                all.open()
            }
            release.wait()
            connection.write("ok")
        }
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<count {
                group.addTask { [client] in try await client.send(HTTPRequest(url: server.url)).body.count }
            }
            try await all.wait()
            for _ in 0..<count { release.signal() }
            for try await bytes in group { #expect(bytes == 2) }
        }
    }
}
