import Contracts
import Cryptography
import Foundation
import Foundations
import Testing
import Webhooks

@Suite struct SigningSecretsTests {
    private let platform = Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    private let body = Data("{}".utf8)

    private func company(_ id: String) throws -> CompanyID { try #require(CompanyID(id)) }

    private func key() throws -> WebhookMasterKey { try WebhookMasterKey(WebhookMasterKey.generate()) }

    /// Whether a webhook of `company` to an endpoint that a task names passes for one who knows `secret`.
    private func passes(_ secrets: SigningSecrets, _ company: CompanyID, for secret: Secret) throws -> Bool {
        let keys = try secrets.secrets(of: company, isNamed: true).map { try WebhookSecret($0) }
        let header = try WebhookSignature.sign(id: "a", timestamp: 1, body: body, secrets: keys)
        let verify = {
            try WebhookSignature.verify(
                header, id: "a", timestamp: "1", body: body, secrets: [WebhookSecret(secret)],
                now: Date(timeIntervalSince1970: 1))
        }
        do { try verify() } catch WebhookSignatureError.noMatchingSignature { return false }
        return true
    }

    @Test func `the platform's endpoint is signed with the platform's secret, whoever the task is of`() throws {
        let secrets = try SigningSecrets(platform: [platform], companies: [key()])
        #expect(secrets.secrets(of: try company("acme"), isNamed: false) == [platform])
        #expect(secrets.areSeparate)
    }

    @Test func `who verifies for one company can forge for no other`() throws {
        let key = try key()
        let secrets = try SigningSecrets(platform: [platform], companies: [key])
        let (acme, other) = (try company("acme"), try company("Acme"))
        #expect(try passes(secrets, acme, for: key.secret(of: acme)))
        #expect(try !passes(secrets, acme, for: key.secret(of: other)))
        #expect(try !passes(secrets, acme, for: platform))
    }

    @Test func `two master keys give two signatures, so that receivers can change over`() throws {
        let (new, old) = (try key(), try key())
        let secrets = try SigningSecrets(platform: [platform], companies: [new, old])
        let acme = try company("acme")
        #expect(try passes(secrets, acme, for: new.secret(of: acme)))
        #expect(try passes(secrets, acme, for: old.secret(of: acme)))
    }

    @Test func `without a master key every company is signed for with the platform's secret`() throws {
        let secrets = try SigningSecrets(platform: [platform])
        #expect(try passes(secrets, try company("acme"), for: platform))
        #expect(!secrets.areSeparate)
    }

    @Test func `secrets that cannot be used are refused at once`() throws {
        #expect(throws: WebhookSignatureError.noSecret) { try SigningSecrets(platform: []) }
        #expect(throws: WebhookSignatureError.badSecret("empty")) { try SigningSecrets(platform: [Secret("")]) }
        #expect(throws: KeyError.self) { try WebhookMasterKey(Secret("short")) }
    }

    /// HKDF-SHA256 with the id as `info` and no salt, computed with Python's `hmac`.
    @Test func `a company's secret is what anybody with the key computes`() throws {
        let key = try WebhookMasterKey(Secret(Data((0..<32).map { UInt8($0) }).base64EncodedString()))
        #expect(key.secret(of: try company("acme")).reveal() == "whsec_1jPA58k4LqEcBsqLYDwk7f3FEDcFapHfnlxoIYsqWys=")
    }
}
