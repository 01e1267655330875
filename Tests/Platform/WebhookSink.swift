import Contracts
import Cryptography
import Foundation
import Foundations
import TestSupport

/// A receiver of webhooks; the first part of the path says how it behaves, the rest is the tests' to choose.
package final class WebhookSink: Sendable {
    /// How it answers.
    package enum Behaviour: String, Sendable {
        /// 204 at once.
        case accepts
        /// 500 first, then 200.
        case recovers
        /// 302 to elsewhere.
        case redirects
        /// No answer first, then 200.
        case hangs
        /// The connection is closed without an answer first, then 200.
        case closes
        /// 410.
        case gone
    }

    /// What webhooks to ``commonURL`` are signed with.
    package let secret = WebhookSecret.generate()
    /// What the secrets of companies derive from: other endpoints are named by tasks.
    package let masterKey = WebhookMasterKey.generate()
    private let stub: HTTPStub

    /// Starts to listen. Throws if no port can be taken.
    package init() async throws {
        let arrived = Recorder<String>()
        stub = try await HTTPStub { request in
            arrived.record(request.path)
            let isFirst = arrived.elements.count { $0 == request.path } == 1
            switch request.path.split(separator: "/").first.flatMap({ Behaviour(rawValue: String($0)) }) {
            case .accepts: return .status(204)
            case .recovers: return isFirst ? .text("not today", status: 500) : .status(200)
            case .redirects: return .redirect(to: "/accepts/elsewhere")
            case .hangs: return isFirst ? .hang : .status(200)
            case .closes: return isFirst ? .drop : .status(200)
            case .gone: return .status(410)
            case nil: return .status(404)
            }
        }
    }

    /// The address of an endpoint of this behaviour.
    package func url(_ behaviour: Behaviour, _ name: String) -> String { "\(stub.url)/\(behaviour.rawValue)/\(name)" }

    /// The default endpoint of the platform; the tests of one platform share it.
    package var commonURL: String { url(.accepts, "common") }

    /// Everything that arrived so far, in order.
    package var arrived: [StubRequest] { stub.requests.elements }

    /// What arrived at `url` so far.
    package func requests(to url: String) -> [StubRequest] {
        stub.requests.elements.filter { stub.url + $0.path == url }
    }

    /// Waits for the first request at `url` that satisfies `matches`.
    @discardableResult
    package func first(
        to url: String, within duration: Duration = .seconds(60),
        where matches: @escaping @Sendable (StubRequest) -> Bool = { _ in true }
    ) async throws -> StubRequest {
        let base = stub.url
        return try await stub.requests.first("a webhook at \(url)", within: duration) {
            base + $0.path == url && matches($0)
        }
    }

    /// The payload of a request whose signature is right. Throws if it is not, or if the body is no payload.
    package func verified(_ request: StubRequest, tolerance: Duration = .seconds(300)) throws -> WebhookPayload {
        let payload = try JSON.decode(WebhookPayload.self, from: request.body)
        try WebhookSignature.verify(
            request.headers["webhook-signature"] ?? "", id: request.headers["webhook-id"] ?? "",
            timestamp: request.headers["webhook-timestamp"] ?? "", body: request.body,
            secrets: [WebhookSecret(try secret(of: request, payload))], tolerance: tolerance)
        return payload
    }

    private func secret(of request: StubRequest, _ payload: WebhookPayload) throws -> Secret {
        if stub.url + request.path == commonURL { return secret }
        guard let company = CompanyID(payload.data.companyID) else { throw WebhookSignatureError.noSecret }
        return try WebhookMasterKey(masterKey).secret(of: company)
    }
}
