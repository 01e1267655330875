import Contracts
import Cryptography
import Foundation
import Foundations
import Testing

@testable import GatewayService

@Suite struct SignInTests {
    private let fixture = Fixture(others: ["https://automata.example.com"])
    private let form = ["content-type": "application/x-www-form-urlencoded"]

    private func cookie(_ answer: Answer) throws -> String {
        String(try #require(answer.header("set-cookie")).prefix { $0 != ";" })
    }

    @Test func `a token signs a browser in, and its forms may change things`() async throws {
        let token = fixture.record.token(.operator)
        let answer = await fixture.ask(.post, "/actions/sign-in", form, body: "token=\(token.reveal())")
        #expect(answer.status == 303 && answer.header("location") == "/")
        let session = try cookie(answer)
        #expect(!session.contains(token.reveal()))
        let headers = ["cookie": session]
        #expect(await fixture.ask(.get, "/api/v1/tasks", headers).status == 200)
        let secret = AccessToken.formSecret(of: Secret(String(session.drop { $0 != "=" }.dropFirst())))
        let control = #"{"action": "pause"}"#
        let path = "/api/v1/tasks/acme/web/fix/control"
        let shown = headers.merging(json) { $1 }.merging(["x-csrf-token": secret]) { $1 }
        #expect(await fixture.ask(.post, path, shown, body: control).status == 200)
        #expect(fixture.door.asked.last?.body == ["action": "pause", "actor": "somebody"])
        let wrong = shown.merging(["x-csrf-token": String(secret.reversed())]) { $1 }
        #expect(await fixture.ask(.post, path, wrong, body: control).status == 403)
        // As a field of the form as well; then the session is over.
        let out = await fixture.ask(.post, "/actions/sign-out", headers.merging(form) { $1 }, body: "csrf=\(secret)")
        #expect(out.status == 303 && out.header("set-cookie")?.contains("Max-Age=0") == true)
        #expect(await fixture.ask(.get, "/api/v1/tasks", headers).status == 401)
    }

    @Test func `an address that signs in works once`() async throws {
        let code = fixture.record.invite(.admin)
        let first = await fixture.ask(.get, "/sign-in?code=\(code.reveal())")
        #expect(first.status == 303)
        let headers = ["cookie": try cookie(first)]
        #expect(await fixture.ask(.get, "/api/v1/tasks", headers).status == 200)
        let second = await fixture.ask(.get, "/sign-in?code=\(code.reveal())")
        #expect(second.status == 403 && second.header("set-cookie") == nil && second.text.contains("used before"))
    }

    @Test func `what is no token signs nobody in`() async throws {
        for body in ["token=", "token=automata_x", "", "other=1"] {
            let answer = await fixture.ask(.post, "/actions/sign-in", form, body: body)
            #expect(answer.status == 403 && answer.header("set-cookie") == nil, "\(body)")
        }
    }

    @Test func `the cookie is no script's, no other site's, and no plain connection's where there is HTTPS`()
        async throws
    {
        for (authority, isSecure) in [("127.0.0.1:5000", false), ("automata.example.com", true)] {
            let code = fixture.record.invite(.viewer).reveal()
            let answer = await fixture.ask(.get, "/sign-in?code=\(code)", authority: authority)
            let cookie = try #require(answer.header("set-cookie"))
            #expect(cookie.contains("; HttpOnly; SameSite=Strict") && cookie.contains("Path=/"))
            #expect(cookie.contains("; Secure") == isSecure)
        }
    }

    @Test func `a revoked token ends its sessions`() async throws {
        let answer = await fixture.ask(.get, "/sign-in?code=\(fixture.record.invite(.viewer).reveal())")
        let headers = ["cookie": try cookie(answer)]
        fixture.record.revokeAll()
        #expect(await fixture.ask(.get, "/api/v1/tasks", headers).status == 401)
    }

    @Test func `tokens are long, differ, and are kept as hashes`() {
        let tokens = Set((0..<100).map { _ in AccessToken.generate().reveal() })
        #expect(tokens.count == 100)
        for token in tokens {
            #expect(token.wholeMatch(of: #/automata_[A-Za-z0-9_-]{43}/#) != nil, "\(token)")
            #expect(AccessToken.digest(of: Secret(token)).wholeMatch(of: #/[0-9a-f]{64}/#) != nil)
        }
    }
}
