import Cryptography
import FlyingFox
import Foundation
import Foundations

/// Receives webhooks on the loopback address and passes on those that are signed with one of its secrets.
struct WebhookReceiver: Sendable {
    /// What a webhook of a company may be signed with; `nil` stands for a body that names none.
    let secrets: @Sendable (CompanyID?) throws -> [WebhookSecret]

    /// Serves until `onDelivery` returns false; every delivery is answered before that.
    func receive(
        port: UInt16, onListening: (UInt16) -> Void, onDelivery: (VerifiedWebhook) -> Bool
    ) async throws {
        let (deliveries, continuation) = AsyncStream.makeStream(of: VerifiedWebhook.self)
        let server = try HTTPServer.loopback(port: port) { request in
            guard let delivery = try await verified(request) else { return HTTPResponse(statusCode: .unauthorized) }
            continuation.yield(delivery)
            return HTTPResponse(statusCode: .noContent)
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { continuation.finish() }
                try await server.run()
            }
            guard (try? await server.waitUntilListening(timeout: 5)) != nil, let port = await server.port else {
                group.cancelAll()
                throw Failure("port \(port) cannot be used", Exit.settings)
            }
            onListening(port)
            for await delivery in deliveries where !onDelivery(delivery) { break }
            await server.stop(timeout: 2)
            group.cancelAll()
            // A stopped server ends with an error of its own.
            while let ended = await group.nextResult() { _ = ended }
        }
    }

    /// `nil` if the signature is missing, wrong or too old.
    private func verified(_ request: HTTPRequest) async throws -> VerifiedWebhook? {
        guard let id = request.headers[HTTPHeader("webhook-id")],
            let timestamp = request.headers[HTTPHeader("webhook-timestamp")],
            let signature = request.headers[HTTPHeader("webhook-signature")]
        else { return nil }
        let body = try await request.bodyData
        do {
            let company = (try? JSONValue(parsing: body))?["data"]?["company_id"]?.stringValue.flatMap { CompanyID($0) }
            try WebhookSignature.verify(
                signature, id: id, timestamp: timestamp, body: body, secrets: try secrets(company))
        } catch {
            Output.error("a webhook was refused: \(error)")
            return nil
        }
        return VerifiedWebhook(id: id, body: body)
    }
}
