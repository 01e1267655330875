import Contracts
import Cryptography
import Foundations
import ServiceKit
import Webhooks

extension SigningSecrets {
    /// Reads `WEBHOOK_SECRET` and `WEBHOOK_MASTER_KEY`, two of each during rotation. Throws ``SettingsError``.
    ///
    /// - Parameter hasPlatformEndpoint: Whether there is an endpoint that needs the platform's secret.
    init(_ source: SettingsSource, hasPlatformEndpoint: Bool) throws {
        let platform = try source.list(.webhookSecret, separator: " ").map { Secret($0) }
        let keys = try source.list(.webhookMasterKey, separator: " ").map { Secret($0) }
        do {
            let companies = try keys.map { try WebhookMasterKey($0) }
            guard !platform.isEmpty || !hasPlatformEndpoint else { throw WebhookSignatureError.noSecret }
            try self.init(platform: platform, companies: companies)
        } catch let error as KeyError {
            throw SettingsError(error.setting, error.reason)
        } catch {
            throw SettingsError(.webhookSecret, "\(error)")
        }
    }
}
