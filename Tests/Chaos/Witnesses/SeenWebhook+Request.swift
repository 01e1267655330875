import Contracts
import Foundation
import Foundations
import PlatformSupport
import TestSupport

extension SeenWebhook {
    init(_ request: StubRequest, at sink: WebhookSink) {
        let payload = try? JSON.decode(WebhookPayload.self, from: request.body)
        id = request.headers["webhook-id"] ?? ""
        task = payload?.data.taskID ?? ""
        status = payload?.data.status.rawValue ?? ""
        body = request.text
        // A run may last longer than a receiver would believe a signature.
        isVerified = (try? sink.verified(request, tolerance: .seconds(86_400))) != nil
    }
}
