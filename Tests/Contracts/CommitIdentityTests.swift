import Contracts
import Foundations
import TestSupport
import Testing

@Suite struct CommitIdentityTests {
    @Test(arguments: [
        ("Ada Lovelace <ada@corp.example>", "Ada Lovelace", "ada@corp.example"),
        ("  Zoë O'Neil, Jr.  <z.o+ci@corp.example> ", "Zoë O'Neil, Jr.", "z.o+ci@corp.example"),
        ("李 <li@例え.jp>", "李", "li@例え.jp"), ("bot<b@localhost>", "bot", "b@localhost"),
        (
            "github-actions[bot] <41898282+github-actions[bot]@users.noreply.github.com>", "github-actions[bot]",
            "41898282+github-actions[bot]@users.noreply.github.com"
        ),
    ])
    func `a name and an address are read`(text: String, name: String, email: String) throws {
        let identity = try #require(CommitIdentity(text))
        #expect(identity.name == name && identity.email == email)
        #expect(CommitIdentity(identity.description) == identity)
    }

    @Test(arguments: [
        "", "Ada", "ada@corp.example", "<ada@corp.example>", "Ada <>", "Ada <ada>", "Ada <a@b> x", "... <a@b>",
        "Ada <a@b@c>", "Ada\nCommitter: Eve <a@b>", "Ada <a @b>", "Ada <<a@b>>", "A\0da <a@b>", "Ada <.@.>",
        String(repeating: "a", count: 320) + " <a@b>",
    ])
    func `anything else is none`(text: String) { #expect(CommitIdentity(text) == nil) }

    @Test func `rubbish is none or reads back as itself`() {
        var fuzzer = Fuzzer(seed: 10_006)
        for _ in 0..<2000 * Fuzzer.factor {
            let text = String(decoding: fuzzer.noise(upTo: 40), as: UTF8.self)
            for text in [text, "\(text) <a@b>", "Ada <\(text)@b>"] {
                guard let identity = CommitIdentity(text) else { continue }
                #expect(CommitIdentity(identity.description) == identity, "\(text.debugDescription)")
            }
        }
    }

    @Test func `a task that names nobody is the task that it was`() throws {
        #expect(Sample.minimalRequest.json["delivery"]?["author"] == nil)
        var request = Sample.minimalRequest
        request.delivery.author = CommitIdentity("Ada <ada@corp.example>")
        #expect(request.json["delivery"]?["author"] == "Ada <ada@corp.example>")
        #expect(try TaskRequest(request.json) == request)
    }
}
