import FlyingFox
import FlyingSocks
import Foundation
import Foundations

/// The routes of the server.
struct ModelEndpoint: HTTPHandler {
    let models: [String]
    let requiredKey: Secret?
    let statistics: Statistics
    let completions: CompletionHandler

    func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
        guard let reply = try await reply(to: request) else { return try await Self.silence() }
        return reply.response
    }

    private func reply(to request: HTTPRequest) async throws -> ScriptedReply? {
        if request.method == .GET, request.path == "/stats" { return .json(statistics.snapshot.json, kind: "stats") }
        guard isAuthorised(request) else {
            return .error(401, "Incorrect API key provided", code: "invalid_api_key", kind: "unauthorised")
        }
        switch (request.method, request.path) {
        case (.GET, "/v1/models"): return .models(models)
        case (.POST, "/v1/chat/completions"): return try await completions.answer(try await request.bodyData)
        default:
            let place = "\(request.method.rawValue) \(request.path)"
            return .error(404, "Invalid URL (\(place))", code: "unknown_url", kind: "not found")
        }
    }

    private func isAuthorised(_ request: HTTPRequest) -> Bool {
        guard let requiredKey else { return true }
        return request.headers[.authorization] == "Bearer \(requiredKey.reveal())"
    }

    /// Never answers; ends when the server ends.
    private static func silence() async throws -> HTTPResponse {
        try? await Promise<Void>().value()
        return HTTPResponse(webSocket: NoAnswer())
    }
}

/// Closes the connection before anything was written: a failed switch of protocols does just that.
private struct NoAnswer: WSHandler {
    func makeFrames(for client: AsyncThrowingStream<WSFrame, any Error>) async throws -> AsyncStream<WSFrame> {
        throw StreamedBody.Cut()
    }
}
