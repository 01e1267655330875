import Cryptography
import Foundations

/// What webhooks are signed with: the platform's own endpoint with the platform's secret, an endpoint that a task names
/// with the secret of its company.
///
/// There are two of each during rotation, and then two signatures.
package struct SigningSecrets: Sendable {
    private let platform: [Secret]
    private let companies: [WebhookMasterKey]

    /// Throws ``WebhookSignatureError`` where a secret of the platform cannot be used.
    ///
    /// - Parameters:
    ///   - platform: The secret, and during rotation the old one too.
    ///   - companies: The master key, and during rotation the old one too. Without one every company is signed for with
    ///     the platform's secret.
    package init(platform: [Secret], companies: [WebhookMasterKey] = []) throws(WebhookSignatureError) {
        for secret in platform { _ = try WebhookSecret(secret) }
        guard !(platform.isEmpty && companies.isEmpty) else { throw .noSecret }
        self.platform = platform
        self.companies = companies
    }

    /// Whether companies have secrets of their own.
    package var areSeparate: Bool { !companies.isEmpty }

    /// The secrets for a webhook of `company`.
    ///
    /// - Parameter isNamed: Whether the task names the endpoint.
    package func secrets(of company: CompanyID, isNamed: Bool) -> [Secret] {
        isNamed && areSeparate ? companies.map { $0.secret(of: company) } : platform
    }
}
