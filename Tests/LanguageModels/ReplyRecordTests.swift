import Foundation
import Foundations
import TestSupport
import Testing
import Transfer

@testable import LanguageModels

@Suite(.timeLimit(.minutes(1))) struct ReplyRecordTests {
    @Test func `a short reply is kept whole, without secrets`() {
        var record = ReplyRecord()
        for piece in ["data: sk-ve", "ry-secret", "\n\n"] { record.add(Data(piece.utf8)) }
        #expect(record.text(Redactor([Secret("sk-very-secret")])) == "data: <redacted>\n\n")
    }

    @Test func `of a long reply both ends are kept, without pieces of secrets where it is cut`() {
        let secret = "sk-" + String(repeating: "v", count: 500)
        let redactor = Redactor([Secret(secret)])
        var record = ReplyRecord()
        let text = "start " + String(repeating: "\(secret) and ", count: 4000) + " end"
        for start in stride(from: 0, to: text.utf8.count, by: 1000) {
            record.add(Data(text.utf8.dropFirst(start).prefix(1000)))
        }
        let kept = record.text(redactor)
        #expect(kept.hasPrefix("start <redacted>") && kept.hasSuffix(" end") && kept.contains(" bytes …"))
        #expect(!kept.contains("vvv"))
        #expect(kept.utf8.count < 64 << 10)
    }

    @Test(arguments: [
        ("<html>Sign in, sk-very-secret</html>", true),
        ("data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\n", true),
        ("data: {\"choices\":[{\"delt\n\ndata: {}\n\n", true), ("", false),
        ("{\"choices\":[{\"message\":{\"content\":\"x\"}}]}", false), ("{\"error\":{\"code\":429}}", false),
    ]) func `a reply that cannot be understood is handed over`(_ body: String, _ isKept: Bool) async throws {
        let stub = try await HTTPStub { _ in .text(body) }
        let kept = Recorder<UnreadableReply>()
        let model = OpenAICompatibleModel(
            baseURL: stub.url, apiKey: Secret("sk-very-secret"), client: HTTPClient(), keepReply: { kept.record($0) })
        let reply = try? await model.complete(ChatRequest(model: "m", messages: [.user("x")]))
        #expect(kept.elements.map(\.model) == (isKept ? ["m"] : []))
        #expect(reply == nil || !isKept)
        if isKept { #expect(kept.elements[0].text == body.replacing("sk-very-secret", with: "<redacted>")) }
    }
}
