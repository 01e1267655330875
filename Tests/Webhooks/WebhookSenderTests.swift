import Contracts
import Cryptography
import Foundation
import Foundations
import TestSupport
import Testing
import Transfer
import Webhooks

@Suite(.timeLimit(.minutes(1)))
struct WebhookSenderTests {
    private let secret = Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    private let body = Data(#"{"type":"workflow.completed","data":{"title":"ä/\\u"}}"#.utf8)
    private let id = "0190b8f2-0000-7000-8000-000000000001"

    private func sender(allowsPrivate: Bool = true, timeout: Duration = .seconds(15)) -> WebhookSender {
        WebhookSender(policy: TargetPolicy(allowsPrivate: allowsPrivate), timeout: timeout)
    }

    private func outcome(of reply: StubReply, timeout: Duration = .seconds(15)) async throws -> DeliveryOutcome {
        let receiver = try await HTTPStub { _ in reply }
        let outcome = try await sender(timeout: timeout)
            .send(id: id, body: body, to: receiver.url + "/hook", signedWith: [secret]).outcome
        await receiver.stop()
        return outcome
    }

    @Test func `a receiver gets the exact bytes, signed with the old and the new secret`() async throws {
        let old = Secret("an older secret")
        let receiver = try await HTTPStub { _ in .text("thanks") }
        let attempt = try await sender().send(
            id: id, body: body, to: receiver.url + "/hook?a=b", signedWith: [secret, old])
        #expect(attempt.outcome == .answered(status: 200, retryAfter: nil, excerpt: "thanks"))
        let request = try #require(try await receiver.waitFor(1).first)
        #expect(request.method == "POST" && request.target == "/hook?a=b" && request.body == body)
        #expect(request.headers["content-type"] == "application/json")
        #expect(request.headers["user-agent"] == "Automata/1.0")
        #expect(request.headers["webhook-id"] == id)
        #expect(request.headers["webhook-timestamp"] == "\(Int(attempt.startedAt.timeIntervalSince1970))")
        for secret in [secret, old] {
            try WebhookSignature.verify(
                try #require(request.headers["webhook-signature"]), id: id,
                timestamp: try #require(request.headers["webhook-timestamp"]), body: request.body,
                secrets: [WebhookSecret(secret)])
        }
        await receiver.stop()
    }

    @Test(arguments: [204, 400, 410, 500])
    func `a status is given back as it came`(_ status: Int) async throws {
        #expect(try await outcome(of: .status(status)) == .answered(status: status, retryAfter: nil, excerpt: ""))
    }

    @Test func `429 carries what Retry-After asks for`() async throws {
        let outcome = try await outcome(of: .status(429, headers: ["Retry-After": "120"]))
        #expect(outcome == .answered(status: 429, retryAfter: .seconds(120), excerpt: ""))
    }

    @Test func `a redirect is not followed`() async throws {
        let other = try await HTTPStub()
        let outcome = try await outcome(of: .redirect(to: other.url))
        #expect(outcome.status == 302)
        #expect(outcome.error == "the receiver redirects, and redirects are not followed")
        #expect(other.requests.count == 0)
        await other.stop()
    }

    @Test func `a receiver that is down may be tried again`() async throws {
        let receiver = try await HTTPStub()
        await receiver.stop()
        let attempt = try await sender().send(id: id, body: body, to: receiver.url, signedWith: [secret])
        guard case .failed = attempt.outcome else {
            Issue.record("\(attempt.outcome)")
            return
        }
        guard case .retry = DeliveryDecision(attempt.outcome, attempt: 1) else {
            Issue.record("not tried again")
            return
        }
    }

    @Test func `a receiver that hangs or cuts the connection is a failure within the time limit`() async throws {
        for reply in [StubReply.hang, .drop] {
            let outcome = try await outcome(of: reply, timeout: .milliseconds(300))
            guard case .failed = outcome else {
                Issue.record("\(outcome)")
                return
            }
        }
    }

    @Test func `the status counts even if the answer breaks off or never ends`() async throws {
        for reply in [StubReply.cut(after: ["part"]), .stall(after: ["part"])] {
            let outcome = try await outcome(of: reply, timeout: .milliseconds(500))
            #expect(outcome == .answered(status: 200, retryAfter: nil, excerpt: "part"))
        }
    }

    @Test func `a huge answer is cut to 2 KB`() async throws {
        let outcome = try await outcome(of: .text(String(repeating: "x", count: 4 << 20), status: 500))
        guard case .answered(500, _, let excerpt) = outcome else {
            Issue.record("no answer")
            return
        }
        #expect(excerpt.utf8.count == 2048 && excerpt.hasPrefix("xxx"))
    }

    @Test func `an excerpt holds no secret, also where it would be cut, and no NUL`() async throws {
        for padding in [0, 2000, 2030, 4080] {
            let text = "\0" + String(repeating: "x", count: padding) + secret.reveal()
            guard case .answered(_, _, let excerpt) = try await outcome(of: .text(text, status: 400)) else {
                Issue.record("no answer")
                return
            }
            #expect(!excerpt.contains("MfKQ") && !excerpt.contains("\0"))
        }
    }

    @Test func `a private target is refused and gets no request, also by name`() async throws {
        let receiver = try await HTTPStub()
        let sender = sender(allowsPrivate: false)
        for host in ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"] {
            let attempt = try await sender.send(
                id: id, body: body, to: "http://\(host):\(receiver.port)/", signedWith: [secret])
            #expect(attempt.outcome == .refused(reason: "the target is not a public address"), "\(host)")
        }
        #expect(receiver.requests.count == 0)
        await receiver.stop()
    }

    @Test func `a bad URL or id is refused without a request`() async throws {
        let sender = sender()
        for url in ["ftp://host/", "http://ann:s3cret@127.0.0.1/", "nonsense"] {
            guard
                case .refused(let reason) = try await sender.send(id: id, body: body, to: url, signedWith: [secret])
                    .outcome
            else {
                Issue.record("\(url) was not refused")
                return
            }
            #expect(!reason.contains("s3cret"))
        }
        let outcome = try await sender.send(id: "a.b", body: body, to: "http://127.0.0.1/", signedWith: [secret])
            .outcome
        #expect(outcome == .refused(reason: "webhook-id: expected letters, digits, _ and -"))
    }

    @Test func `an answer that announces a terabyte is what its status says`() async throws {
        let headers = ["Content-Length": "1099511627776"]
        let outcome = try await outcome(of: StubReply(200, headers: headers, body: .data(Data("part".utf8))))
        #expect(outcome == .answered(status: 200, retryAfter: nil, excerpt: "part"))
    }

    @Test func `an answer whose body takes its time holds nobody up`() async throws {
        let receiver = try await HTTPStub { _ in .stall(after: ["part"]) }
        let sender = WebhookSender(policy: TargetPolicy(allowsPrivate: true), excerptTimeout: .milliseconds(200))
        let attempt = try await sender.send(id: id, body: body, to: receiver.url, signedWith: [secret])
        #expect(attempt.outcome == .answered(status: 200, retryAfter: nil, excerpt: "part"))
        #expect(attempt.duration < .seconds(10))
        await receiver.stop()
    }

    @Test func `without a usable secret nothing is sent`() async throws {
        let receiver = try await HTTPStub()
        for (secrets, reason) in [([], WebhookSignatureError.noSecret), ([Secret("")], .badSecret("empty"))] {
            let attempt = try await sender().send(id: id, body: body, to: receiver.url, signedWith: secrets)
            #expect(attempt.outcome == .refused(reason: reason.description))
        }
        #expect(receiver.requests.count == 0)
        await receiver.stop()
    }

    @Test func `a cancelled attempt is no attempt`() async throws {
        let receiver = try await HTTPStub { _ in .hang }
        let sender = sender()
        let attempt = Task { try await sender.send(id: id, body: body, to: receiver.url, signedWith: [secret]) }
        try await receiver.waitFor(1)
        attempt.cancel()
        await #expect(throws: CancellationError.self) { try await attempt.value }
        await receiver.stop()
    }
}
