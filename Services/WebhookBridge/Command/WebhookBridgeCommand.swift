import ArgumentParser
import Contracts
import ServiceKit
import ServiceLifecycle
import WebhookBridgeService

@main
struct WebhookBridgeCommand: ServiceCommand {
    static let kind = ServiceKind.webhookBridge
    static let abstract = "Delivers signed webhooks (Standard Webhooks) with retries."
    static let crashSteps = WebhookBridge.crashSteps

    @OptionGroup var options: ServiceOptions

    func services(_ context: ServiceContext) async throws -> [any Service] {
        [try WebhookBridge(context)]
    }
}
