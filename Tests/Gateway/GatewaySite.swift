import Foundation
import Foundations
import Synchronization
import TestSupport

@testable import GatewayService

/// A gateway without a record of its own, as a browser reaches it.
final class GatewaySite: Sendable {
    private final class Place: Sendable {
        let fixture = Mutex<Fixture?>(nil)
    }

    let fixture: Fixture
    private let server: HTTPStub

    var url: String { server.url }

    init() async throws {
        let place = Place()
        server = try await HTTPStub { request in
            guard let fixture = place.fixture.withLock({ $0 }) else { return .status(503) }
            return try await Self.answer(request, fixture)
        }
        // The port is known only now, and pages are answered at it alone.
        let fixture = Fixture(others: [server.url])
        self.fixture = fixture
        place.fixture.withLock { $0 = fixture }
    }

    private static func answer(_ request: StubRequest, _ fixture: Fixture) async throws -> StubReply {
        guard let method = Call.Method(rawValue: request.method) else { return .status(405) }
        let answer = await fixture.ask(
            method, request.target, request.headers, body: String(decoding: request.body, as: UTF8.self),
            authority: request.headers["host"] ?? "")
        let headers = Dictionary(answer.headers.map { ($0.name, $0.value) }) { $1 }
        switch answer.body {
        case .bytes(let data): return StubReply(answer.status, headers: headers, body: .data(data))
        case .stream(let stream): return StubReply(answer.status, headers: headers, body: .stream(chunks(of: stream)))
        }
    }

    private static func chunks(of body: any StreamedBody) -> AsyncThrowingStream<Data, any Error> {
        let (chunks, continuation) = AsyncThrowingStream<Data, any Error>.makeStream()
        let writing = Task {
            try? await body.write(to: Chunks(continuation: continuation))
            continuation.finish()
        }
        continuation.onTermination = { _ in
            body.end()
            writing.cancel()
        }
        return chunks
    }

    private struct Chunks: StreamWriter {
        let continuation: AsyncThrowingStream<Data, any Error>.Continuation

        mutating func write(_ text: String) { continuation.yield(Data(text.utf8)) }
    }
}
