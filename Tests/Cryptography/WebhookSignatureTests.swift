import Cryptography
import Foundation
import Foundations
import Testing

@Suite struct WebhookSignatureTests {
    private let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    private let id = "msg_p5jXN8AQM9LWM0D4loKWxJek"
    private let timestamp = 1_614_265_330
    private let body = Data(#"{"test": 2432232314}"#.utf8)
    private let right = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

    private func sign(
        _ secrets: [String], id: String? = nil, timestamp: Int? = nil, body: Data? = nil
    ) throws -> String {
        try WebhookSignature.sign(
            id: id ?? self.id, timestamp: timestamp ?? self.timestamp, body: body ?? self.body,
            secrets: secrets.map { try WebhookSecret(Secret($0)) })
    }

    private func verify(
        _ header: String, id: String? = nil, timestamp: String? = nil, body: Data? = nil, secrets: [String]? = nil,
        age: Double = 0
    ) throws {
        try WebhookSignature.verify(
            header, id: id ?? self.id, timestamp: timestamp ?? "\(self.timestamp)", body: body ?? self.body,
            secrets: (secrets ?? [secret]).map { try WebhookSecret(Secret($0)) },
            now: Date(timeIntervalSince1970: Double(self.timestamp) + age))
    }

    /// The vectors of the Standard Webhooks libraries and of Svix.
    @Test func `signatures equal the published vectors`() throws {
        #expect(try sign([secret]) == right)
        #expect(try sign([secret], body: Data()) == "v1,v48jdbgvh29KJz2Qc+ghw8G6vG3nAKnujWBg8oM/62A=")
        #expect(
            try sign(
                ["whsec_plJ3nmyCDGBKInavdOK15jsl"], id: "msg_loFOjxBNrRLzqYUf", timestamp: 1_731_705_121,
                body: Data(#"{"event_type":"ping","data":{"success":true}}"#.utf8))
                == "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=")
    }

    @Test func `two secrets give two signatures and each receiver verifies its own`() throws {
        let header = try sign([secret, "plain text"])
        #expect(header.split(separator: " ").count == 2)
        try verify(header)
        try verify(header, secrets: ["plain text"])
        try verify(header, secrets: ["neither", "plain text"])
    }

    @Test func `a secret without the prefix counts as its UTF-8 bytes`() throws {
        let bytes = try #require(Data(base64Encoded: "Z2hlaW0tw6Q="))
        #expect(try sign([String(decoding: bytes, as: UTF8.self)]) == sign(["whsec_Z2hlaW0tw6Q="]))
    }

    @Test func `a secret may lack the padding of base64`() throws {
        #expect(try sign(["whsec_Z2hlaW0tw6Q"]) == sign(["whsec_Z2hlaW0tw6Q="]))
    }

    @Test func `the right signature is found among others`() throws {
        let wrong = "Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc="
        try verify("v1,\(wrong) v2,\(wrong) \(right) v1,\(wrong)")
        try verify("v1a,AAAA \(right)")
    }

    @Test(arguments: [
        "", "v1,", "v1", ",", " ", "v1,dawfeoifkpqwoekfpqoekf", "v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=",
        "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", "v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1O", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OA=",
    ])
    func `no other signature is believed`(_ header: String) {
        #expect(throws: WebhookSignatureError.noMatchingSignature) { try verify(header) }
    }

    @Test func `a changed id, time, body or secret is not believed`() {
        func refused(_ check: () throws -> Void) {
            #expect(throws: WebhookSignatureError.noMatchingSignature) { try check() }
        }
        refused { try verify(right, id: "msg_other") }
        refused { try verify(right, timestamp: "\(timestamp + 1)") }
        refused { try verify(right, body: body + Data(" ".utf8)) }
        refused { try verify(right, secrets: ["other"]) }
    }

    @Test func `times up to five minutes off are believed, a second more is not`() throws {
        for age in [-300.0, -299, 0, 299, 300] { try verify(right, age: age) }
        for age in [-301.0, 301, 86_400] {
            #expect(throws: WebhookSignatureError.timestampOutOfTolerance) { try verify(right, age: age) }
        }
    }

    @Test(arguments: ["", "hello", "-1614265330", "1614265330.0", " 1614265330", "+1614265330", "01614265330", "1e9"])
    func `a time that is not whole seconds is refused`(_ text: String) {
        #expect(throws: WebhookSignatureError.badTimestamp) { try verify(right, timestamp: text) }
    }

    @Test func `a time before 1970 is not signed`() {
        #expect(throws: WebhookSignatureError.badTimestamp) { try sign([secret], timestamp: -1) }
    }

    @Test(arguments: ["", "a.1614265330", "a b", "a\r\nx", "ä", String(repeating: "a", count: 257)])
    func `an id that could be read two ways is refused`(_ id: String) {
        #expect(throws: WebhookSignatureError.badID) { try sign([secret], id: id) }
        #expect(throws: WebhookSignatureError.badID) { try verify(right, id: id) }
    }

    @Test func `an empty or broken secret is refused without showing it`() {
        for (text, reason) in ["": "empty", "whsec_": "empty", "whsec_%%%": "expected base64 after whsec_"] {
            let error = #expect(throws: WebhookSignatureError.self) { try WebhookSecret(Secret(text)) }
            #expect(error == .badSecret(reason))
        }
        #expect(throws: WebhookSignatureError.noSecret) { try sign([]) }
        #expect(throws: WebhookSignatureError.noSecret) { try verify(right, secrets: []) }
    }

    @Test func `a generated secret is usable and prints as redacted`() throws {
        let text = WebhookSecret.generate()
        let secret = try WebhookSecret(text)
        #expect(text.reveal().hasPrefix("whsec_"))
        var printed = "\(secret) \(String(reflecting: secret))"
        dump(secret, to: &printed)
        #expect(!printed.contains(String(text.reveal().dropFirst(6))))
    }
}
