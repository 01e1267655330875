import FlyingFox
import FlyingSocks
import Foundation
import Foundations
import ScriptedModelServer

/// A real HTTP server on a loopback port whose answers a closure decides, and which records every request.
package final class HTTPStub: Sendable {
    /// Decides the answer to a request.
    package typealias Handler = @Sendable (StubRequest) async throws -> StubReply

    /// Every request, in the order of arrival.
    package let requests: Recorder<StubRequest>
    /// The port on 127.0.0.1.
    package let port: Int
    private let running: Task<Void, any Error>

    /// For example `http://127.0.0.1:40123`, without a slash at the end.
    package var url: String { "http://127.0.0.1:\(port)" }

    /// Starts a server; it listens when this returns and ends with ``stop()`` or with the last reference to it.
    package init(_ handler: @escaping Handler = { _ in .status(200) }) async throws {
        let requests = Recorder<StubRequest>()
        let server = HTTPServer(
            address: try .inet(ip4: "127.0.0.1", port: 0), timeout: 86_400,
            pool: PromptSocketPool(base: HTTPServer.defaultPool()), logger: .disabled,
            handler: ClosureHTTPHandler { request in
                let request = try await StubRequest(request)
                requests.record(request)
                return try await handler(request).response()
            })
        let running = Task { try await server.run() }
        try await server.waitUntilListening(timeout: 60)
        guard case .ip4(_, let port)? = await server.listeningAddress else { throw ConnectionCut() }
        self.requests = requests
        self.port = Int(port)
        self.running = running
    }

    deinit { running.cancel() }

    /// Waits until `count` requests have arrived and returns all there are.
    @discardableResult
    package func waitFor(_ count: Int, within duration: Duration = Deadline.usual) async throws -> [StubRequest] {
        try await requests.wait(for: count, within: duration)
    }

    /// Closes every connection and the port.
    package func stop() async {
        running.cancel()
        _ = await running.result
    }
}

extension StubRequest {
    fileprivate init(_ request: HTTPRequest) async throws {
        method = request.method.rawValue
        target = request.target.rawValue
        headers = Dictionary(request.headers.map { ($0.key.rawValue.lowercased(), $0.value) }) { "\($0), \($1)" }
        body = try await request.bodyData
    }
}

extension StubReply {
    fileprivate func response() async throws -> HTTPResponse {
        try await Deadline.elapse(delay)
        let code = HTTPStatusCode(status, phrase: "Stub")
        let fields = HTTPHeaders(Dictionary(uniqueKeysWithValues: headers.map { (HTTPHeader($0), $1) }))
        switch body {
        case .data(let data): return HTTPResponse(statusCode: code, headers: fields, body: data)
        case .stream(let stream):
            return HTTPResponse(statusCode: code, headers: fields, body: HTTPBodySequence(from: ChunkedBody(stream)))
        case .dropped: return HTTPResponse(webSocket: Dropping())
        case .silence:
            try? await Promise<Void>().value()
            return HTTPResponse(webSocket: Dropping())
        }
    }
}

/// Closes the connection before anything was written: a failed switch of protocols does just that.
private struct Dropping: WSHandler {
    func makeFrames(for client: AsyncThrowingStream<WSFrame, any Error>) async throws -> AsyncStream<WSFrame> {
        throw ConnectionCut()
    }
}

/// A stream of chunks in the form that the server sends, one chunk for each element.
private struct ChunkedBody: AsyncBufferedSequence {
    typealias Element = UInt8
    let chunks: AsyncThrowingStream<Data, any Error>

    init(_ chunks: AsyncThrowingStream<Data, any Error>) { self.chunks = chunks }

    func makeAsyncIterator() -> Iterator { Iterator(chunks: chunks.makeAsyncIterator()) }

    struct Iterator: AsyncBufferedIteratorProtocol {
        var chunks: AsyncThrowingStream<Data, any Error>.Iterator

        mutating func next() async throws -> UInt8? { try await nextBuffer(suggested: 1)?.first }

        mutating func nextBuffer(suggested count: Int) async throws -> [UInt8]? {
            while let chunk = try await chunks.next() {
                // An empty chunk would end the body.
                if !chunk.isEmpty { return [UInt8](chunk) }
            }
            // A stream ends when its reader is cancelled; that is no good end of the body.
            try Task.checkCancellation()
            return nil
        }
    }
}
