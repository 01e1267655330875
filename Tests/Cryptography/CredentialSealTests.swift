import Contracts
import Cryptography
import Foundation
import Foundations
import Testing

@Suite struct CredentialSealTests {
    private let key = SealingKey()
    private let acme = CompanyID(validated: "acme")
    private let url = "https://git.example.com/acme/app.git"
    private let token = Credentials.accessToken(Secret("s3cret"), username: nil)

    @Test(arguments: [
        Credentials.none,
        .usernamePassword(username: "ann", password: Secret("pä55\n\"word")),
        .accessToken(Secret("token"), username: "oauth2"),
        .privateKey(Secret("-----BEGIN KEY-----\nabc\n"), passphrase: Secret("phrase")),
        .privateKey(Secret(String(repeating: "k", count: 16 << 10)), passphrase: nil),
        .privateKeyPath("keys/deploy", passphrase: nil),
    ])
    func `what is sealed opens again and fits a request`(_ credentials: Credentials) throws {
        let sealed = try CredentialSeal.seal(credentials, to: key.publicKey, company: acme, remoteURL: url)
        #expect(try CredentialSeal.open(sealed, with: key, company: acme, remoteURL: url) == credentials)
        let request = Credentials.sealed(sealed)
        #expect(try Credentials(FieldReader(request.revealed())) == request)
    }

    @Test func `a seal shows nothing of the secret and is never the same twice`() throws {
        let seals = try (0..<5).map { _ in
            try CredentialSeal.seal(token, to: key.publicKey, company: acme, remoteURL: url)
        }
        #expect(Set(seals).count == 5)
        #expect(seals.allSatisfy { Data(base64Encoded: $0)?.range(of: Data("s3cret".utf8)) == nil })
    }

    @Test func `another company, URL or key cannot open it`() throws {
        let sealed = try CredentialSeal.seal(token, to: key.publicKey, company: acme, remoteURL: url)
        #expect(throws: SealError.refused) {
            try CredentialSeal.open(sealed, with: key, company: CompanyID(validated: "evil"), remoteURL: url)
        }
        #expect(throws: SealError.refused) {
            try CredentialSeal.open(sealed, with: key, company: acme, remoteURL: "https://evil.example/app.git")
        }
        #expect(throws: SealError.refused) {
            try CredentialSeal.open(sealed, with: SealingKey(), company: acme, remoteURL: url)
        }
    }

    @Test func `any changed byte is refused`() throws {
        let sealed = try CredentialSeal.seal(token, to: key.publicKey, company: acme, remoteURL: url)
        let bytes = try #require(Data(base64Encoded: sealed))
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= 1
            #expect(throws: SealError.self, "byte \(index)") {
                try CredentialSeal.open(changed.base64EncodedString(), with: key, company: acme, remoteURL: url)
            }
        }
        for length in 0..<bytes.count {
            #expect(throws: SealError.self, "cut at \(length)") {
                try CredentialSeal.open(
                    bytes.prefix(length).base64EncodedString(), with: key, company: acme, remoteURL: url)
            }
        }
    }

    @Test func `text that is no seal is refused with its kind of fault`() {
        func fault(_ text: String) -> SealError? {
            #expect(throws: SealError.self) {
                try CredentialSeal.open(text, with: key, company: acme, remoteURL: url)
            }
        }
        #expect(fault("") == .malformed)
        #expect(fault("not base64 !") == .malformed)
        #expect(fault(Data([1, 2, 3]).base64EncodedString()) == .malformed)
        #expect(fault(Data([9] + [UInt8](repeating: 0, count: 80)).base64EncodedString()) == .unknownVersion(9))
        #expect(fault(Data([1] + [UInt8](repeating: 0, count: 80)).base64EncodedString()) == .refused)
    }

    @Test func `a seal is not sealed again`() {
        #expect(throws: SealError.malformed) {
            try CredentialSeal.seal(.sealed("x"), to: key.publicKey, company: acme, remoteURL: url)
        }
    }

    @Test func `a public key travels as base64`() {
        #expect(SealingPublicKey(base64: key.publicKey.description)?.description == key.publicKey.description)
        #expect(SealingPublicKey(base64: "") == nil)
        #expect(SealingPublicKey(base64: "c2hvcnQ=") == nil)
        #expect(SealingPublicKey(base64: "no base64 !") == nil)
    }

    @Test func `a public key of low order is refused`() {
        #expect(SealingPublicKey(base64: Data(count: 32).base64EncodedString()) == nil)
        #expect(SealingPublicKey(base64: Data([1] + [UInt8](repeating: 0, count: 31)).base64EncodedString()) == nil)
    }
}
