import Foundation
import Foundations
import Git
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1)))
struct `Names of branches` {
    @Test(arguments: ["main", "feat/20261121-fix-x", "a/b/c", "Ünïcode", "v1.2", "x@y", "refs/heads/main"])
    func `what git accepts is accepted`(name: String) throws {
        let ref = try RefName(name)
        #expect(ref.full.hasPrefix("refs/heads/"))
        #expect(!ref.name.hasPrefix("refs/"))
    }

    @Test(arguments: [
        "", "-x", "--upload-pack=touch /tmp/x", "a b", "a..b", "a@{b", "a\u{7}b", "a\nb", "a\0b", "/a", "a/", "a//b",
        ".a",
        "a/.b", "a.lock", "a.lock/b", "a.", "@", "HEAD", "a~b", "a^b", "a:b", "a?b", "a*b", "a[b", "a\\b",
        "refs/tags/x",
        String(repeating: "x", count: 4096),
    ])
    func `what git refuses is refused`(name: String) {
        let error = #expect(throws: GitError.self) { try RefName(name) }
        #expect(error?.code == .invalidRef)
        #expect((error?.message.utf8.count ?? 0) < 300)
    }

    @Test func `no random name passes that git refuses`() async throws {
        var generator = SystemRandomNumberGenerator()
        let alphabet = Array("ab/.-@{}~^:?*[]\\ \u{1}é:HEADlock")
        for _ in 0..<150 {
            let length = Int.random(in: 1...9, using: &generator)
            let name = String((0..<length).compactMap { _ in alphabet.randomElement(using: &generator) })
            guard let ref = try? RefName(name) else { continue }
            try await Program.run(["git", "check-ref-format", "--branch", ref.name])
            try await Program.run(["git", "check-ref-format", ref.full])
        }
    }

    @Test func `a feature branch carries the day in UTC and a slug of the title`() throws {
        let date = try #require(Timestamp.date("2026-11-21T23:59:59Z"))
        func name(_ title: String, _ suffix: String? = nil) -> String {
            RefName.featureBranch(date: date, title: title, suffix: suffix).name
        }
        #expect(name("Fix the X: login/page!") == "feat/20261121-fix-the-x-login-page")
        #expect(name("Füße & Café") == "feat/20261121-fusse-cafe" || name("Füße & Café").hasPrefix("feat/20261121-fu"))
        #expect(name("Łódź e\u{301}té ＡＢ１ Ǻ") == "feat/20261121-lodz-ete-ab1-a")
        #expect(name("…") == "feat/20261121-task")
        #expect(name("日本語", "ab12") == "feat/20261121-ab12")
        #expect(name("--upload-pack=x; rm -rf /") == "feat/20261121-upload-pack-x-rm-rf")
        #expect(name(String(repeating: "word ", count: 40), "0f3a").utf8.count <= 14 + 50 + 21)
        for title in ["", "\0", "..", "@{", String(repeating: "é", count: 4096)] {
            #expect(throws: Never.self) { try RefName(name(title)) }
        }
    }
}

@Suite
struct `Names of objects` {
    @Test func `forty digits and nothing else`() throws {
        let text = String(repeating: "aB3", count: 13) + "f"
        #expect(try #require(ObjectID(text)).text == text.lowercased())
        for bad in ["", "abc", text + "0", String(text.dropLast()) + "g", String(text.dropLast()) + "\n"] {
            #expect(ObjectID(bad) == nil)
        }
        let id = try #require(ObjectID(text))
        #expect(try JSON.decode(ObjectID.self, from: JSON.encode(id)) == id)
        #expect(throws: DecodingError.self) { try JSON.decode(ObjectID.self, from: Data("\"--x\"".utf8)) }
    }
}
