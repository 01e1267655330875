import FoundationEssentials
import Foundations
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceLifecycle

/// A request of Hummingbird's, and the response that an ``Answer`` becomes.
struct HTTPExchange {
    private let request: Request
    private let isLocal: Bool
    /// Closes the connection, whatever is on its way.
    private let disconnect: @Sendable () -> Void

    init(_ request: Request, isLocal: Bool, disconnect: @escaping @Sendable () -> Void) {
        self.request = request
        self.isLocal = isLocal
        self.disconnect = disconnect
    }

    func response(_ dispatcher: Dispatcher) async -> Response {
        let call = self.call()
        let answer = await dispatcher.answer(call, body: body)
        let compressed = (try? call.get()).map { answer.compressed(for: $0) } ?? answer
        return response(compressed)
    }

    /// `HEAD` is answered like `GET`, without the body.
    private func call() -> Result<Call, Problem> {
        let isHead = request.method == .head
        guard let method = isHead ? Call.Method.get : Call.Method(rawValue: request.method.rawValue) else {
            return .failure(.wrongMethod([.get, .post, .put, .delete]))
        }
        var headers: [String: String] = [:]
        for field in request.headers {
            let name = field.name.canonicalName
            headers[name] = headers[name].map { "\($0)\(name == "cookie" ? "; " : ", ")\(field.value)" } ?? field.value
        }
        return Result { () throws(Problem) in
            try Call(
                method, request.uri.string, headers: headers, authority: request.head.authority ?? "",
                isLocal: isLocal)
        }
    }

    private func body(limit: Int) async throws -> Data {
        guard Int(request.headers[.contentLength] ?? "") ?? 0 <= limit else { throw Problem.tooLarge(limit) }
        var data = Data()
        for try await part in request.body {
            guard data.count + part.readableBytes <= limit else { throw Problem.tooLarge(limit) }
            data.append(contentsOf: part.readableBytesView)
        }
        return data
    }

    private func response(_ answer: Answer) -> Response {
        var headers = HTTPFields()
        for (name, value) in answer.headers {
            if let name = HTTPField.Name(name) { headers.append(HTTPField(name: name, value: value)) }
        }
        let status = HTTPResponse.Status(code: answer.status)
        let isHead = request.method == .head
        switch answer.body {
        case .bytes(let data):
            if isHead { headers[.contentLength] = "\(data.count)" }
            return Response(
                status: status, headers: headers, body: isHead ? .init() : .init(byteBuffer: ByteBuffer(bytes: data)))
        case .stream(let stream):
            return Response(status: status, headers: headers, body: isHead ? .init() : body(of: stream))
        }
    }

    /// Ends with the client, or with the server.
    private func body(of stream: any StreamedBody) -> ResponseBody {
        let requestBody = request.body
        let delivery = StreamDelivery(stream, disconnect: disconnect)
        return ResponseBody { writer in
            let output = writer
            try await withGracefulShutdownHandler {
                try await requestBody.consumeWithInboundCloseHandler { _ in
                    try await delivery.write(to: BodyWriter(writer: output))
                } onInboundClosed: {
                    stream.end()
                }
            } onGracefulShutdown: {
                stream.end()
            }
            try await writer.finish(nil)
        }
    }
}

private struct BodyWriter: StreamWriter {
    var writer: any ResponseBodyWriter

    mutating func write(_ text: String) async throws { try await writer.write(ByteBuffer(string: text)) }
}
