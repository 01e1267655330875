import Foundation
import Foundations
import Testing

@Suite struct IdentifierTests {
    @Test(arguments: ["a", "company-1", "A_b-9", String(repeating: "x", count: 64)])
    func `ids of letters, digits, dash and underscore are accepted`(_ text: String) {
        #expect(CompanyID(text)?.text == text)
    }

    @Test(arguments: [
        "", "a b", "a.b", "*", ">", "a\r\nPUB x 0", "a\0", "ä", "a/b", "..", String(repeating: "x", count: 65),
        String(repeating: "x", count: 4096),
    ])
    func `hostile ids are refused`(_ text: String) {
        #expect(TaskID(text) == nil)
    }

    @Test func `a UUID of version 7 sorts by its time`() {
        let early = UUID.v7(at: Date(timeIntervalSince1970: 1_000))
        let late = UUID.v7(at: Date(timeIntervalSince1970: 1_001))
        #expect(early.text < late.text)
        #expect(Array(early.text)[14] == "7")
        #expect("89ab".contains(Array(early.text)[19]))
    }

    @Test func `a secret never prints itself`() {
        let secret = Secret("hunter2-hunter2")
        #expect("\(secret)" == "<redacted>")
        #expect(String(reflecting: secret) == "<redacted>")
        var dumped = ""
        dump(secret, to: &dumped)
        #expect(!dumped.contains("hunter2"))
    }

    @Test func `the redactor finds a secret raw, URL-encoded and in base64`() {
        let redactor = Redactor([Secret("p@ss/word")])
        let base64 = Data("p@ss/word".utf8).base64EncodedString()
        #expect(redactor.redact("a p@ss/word b p%40ss%2Fword c \(base64)") == "a <redacted> b <redacted> c <redacted>")
    }

    @Test func `secrets of an owner are known while it is at work, and those of two until both are done`() async {
        let redactor = Redactor([Secret("settings-key")])
        let text = "settings-key shared-key own-key"
        redactor.add([Secret("own-key")], of: "nobody")
        #expect(redactor.redact(text) == "<redacted> shared-key own-key")
        await redactor.remembering("a") {
            redactor.add([Secret("shared-key"), Secret("own-key")], of: "a")
            await redactor.remembering("b") {
                redactor.add([Secret("shared-key"), Secret("shared-key")], of: "b")
                await redactor.remembering("a") {}
                #expect(redactor.redact(text) == "<redacted> <redacted> <redacted>")
            }
            #expect(redactor.redact(text) == "<redacted> <redacted> <redacted>")
        }
        #expect(redactor.redact(text) == "<redacted> shared-key own-key")
    }

    @Test func `secrets that overlap leave nothing of either`() {
        let redactor = Redactor([Secret("abcd"), Secret("cdefgh"), Secret("aaaa")])
        #expect(redactor.redact("xabcdefghx aaaaaaa abcdabcd") == "x<redacted>x <redacted> <redacted><redacted>")
    }

    @Test func `many secrets cost a text no more than few`() {
        let few = Redactor((0..<10).map { Secret("ghp_secret-number-\($0)-of-many") })
        let many = Redactor((0..<5000).map { Secret("\($0)-ghp_secret-number-\($0)-of-many") })
        let line = String(repeating: "an ordinary line of a log with figures 12345 and ghp_nothing ", count: 20)
        func time(_ redactor: Redactor) -> Duration {
            (0..<5).map { _ in
                ContinuousClock().measure { for _ in 0..<20 { _ = redactor.redact(line) } }
            }.min() ?? .zero
        }
        #expect(many.redact("a 77-ghp_secret-number-77-of-many b") == "a <redacted> b")
        #expect(time(many) < time(few) * 20)
    }

    @Test func `the redactor finds a secret that combines with what follows it`() {
        let redactor = Redactor([Secret("hunter2"), Secret("p\u{E4}ssword\r")])
        #expect(redactor.redact("a hunter2\u{301} b p\u{E4}ssword\r\n") == "a <redacted>\u{301} b <redacted>\n")
    }

    @Test func `the longest of secrets that overlap is replaced as a whole`() {
        #expect(Redactor([Secret("abcd"), Secret("abcdef")]).redact("xabcdefx abcd") == "x<redacted>x <redacted>")
    }

    @Test func `backoff stays within its bounds`() {
        let backoff = Backoff(base: .milliseconds(100), cap: .seconds(2))
        #expect(backoff.bound(attempt: 0) == .milliseconds(100))
        #expect(backoff.bound(attempt: 50) == .seconds(2))
        for attempt in 0..<100 { #expect(backoff.delay(attempt: attempt) <= backoff.bound(attempt: attempt)) }
    }

    @Test func `a promise keeps the first result`() async throws {
        let promise = Promise<Int>()
        #expect(promise.succeed(1))
        #expect(!promise.succeed(2))
        #expect(try await promise.value() == 1)
    }

    @Test func `a JSON value keeps its shape`() throws {
        let text = #"{"a":[1,2.5,"x",null,true],"b":{"c":9007199254740993}}"#
        #expect(try JSONValue(parsing: text).text() == text)
    }
}
