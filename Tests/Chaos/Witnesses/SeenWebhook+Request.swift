import Contracts
import Cryptography
import Foundation
import Foundations
import TestSupport

extension SeenWebhook {
    init(_ request: StubRequest, secret: WebhookSecret) {
        let payload = try? JSON.decode(WebhookPayload.self, from: request.body)
        id = request.headers["webhook-id"] ?? ""
        task = payload?.data.taskID ?? ""
        status = payload?.data.status.rawValue ?? ""
        body = request.text
        // A run may last longer than a receiver would believe a signature.
        isVerified =
            (try? WebhookSignature.verify(
                request.headers["webhook-signature"] ?? "", id: id,
                timestamp: request.headers["webhook-timestamp"] ?? "", body: request.body, secrets: [secret],
                tolerance: .seconds(86_400))) != nil
    }
}
