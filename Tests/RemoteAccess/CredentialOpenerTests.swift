import Contracts
import Cryptography
import Foundation
import Foundations
import Git
import TestSupport
import Testing
import Worker

@testable import RemoteAccess

@Suite struct CredentialOpenerTests {
    private let key = SealingKey()
    private let folder: TemporaryFolder
    private let redactor = Redactor()
    private let url = "https://example.com/shop.git"

    init() throws { folder = try TemporaryFolder("opener") }

    private func request(_ credentials: Credentials, of company: String = "acme") throws -> TaskRequest {
        let address = TaskAddress(
            company: try #require(CompanyID(company)), project: try #require(ProjectID("shop")),
            task: try #require(TaskID("first")))
        return TaskRequest(
            task: TaskSettings(address: address, title: "first"),
            repository: RepositorySettings(remoteURL: url, credentials: credentials))
    }

    private func open(_ request: TaskRequest) throws -> GitCredentials {
        try CredentialOpener(key: key, home: folder.path, redactor: redactor).open(request)
    }

    private func seal(_ credentials: Credentials) throws -> Credentials {
        .sealed(
            try CredentialSeal.seal(
                credentials, to: key.publicKey, company: try #require(CompanyID("acme")), remoteURL: url))
    }

    @Test func `what is sealed for the task's company and remote is opened, and redacted while the task is remembered`()
        async throws
    {
        let request = try request(try seal(.accessToken(Secret("token-of-acme"), username: nil)))
        try await redactor.remembering(request.task.address.owner) {
            let opened = try open(request)
            #expect(opened == .accessToken(Secret("token-of-acme")))
            #expect(redactor.redact("with token-of-acme") == "with <redacted>")
        }
        #expect(redactor.redact("with token-of-acme") == "with token-of-acme")
    }

    @Test func `a token with a user name is a password`() throws {
        let opened = try open(request(.accessToken(Secret("t"), username: "ann")))
        #expect(opened == .usernamePassword("ann", Secret("t")))
    }

    @Test func `what is sealed for another company ends the task`() throws {
        let sealed = try seal(.usernamePassword(username: "ann", password: Secret("hidden")))
        let foreign = try request(sealed, of: "other")
        let failure = #expect(throws: StageFailure.self) { try open(foreign) }
        #expect(failure?.status == .repositoryUnavailable)
        #expect(failure?.isRetriable == false)
    }

    @Test func `a key file is one of the company's own folder`() throws {
        let own = try folder.write("keys/acme/deploy", "key")
        for path in ["deploy", own] {
            let opened = try open(request(.privateKeyPath(path, passphrase: nil)))
            #expect(opened == .privateKeyPath(own, passphrase: nil))
        }
    }

    @Test func `a path that leads out of the company's folder ends the task`() throws {
        let other = try folder.write("keys/other/deploy", "key")
        try folder.write("keys/acme/deploy", "key")
        try FileManager.default.createSymbolicLink(atPath: folder.path("keys/acme/link"), withDestinationPath: other)
        for path in [other, "../other/deploy", "link", "/etc/shadow"] {
            let request = try request(.privateKeyPath(path, passphrase: nil))
            let failure = #expect(throws: StageFailure.self) { try open(request) }
            #expect(failure?.status == .repositoryUnavailable, "\(path)")
        }
    }
}
