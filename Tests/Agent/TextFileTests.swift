import Foundation
import TestSupport
import Testing

@testable import Agent

/// Texts of every form, the same for the same seed.
private struct Texts {
    var random: SeededNumbers
    static let endings = ["\n", "\r\n", "\r"]
    private static let words = [
        "", "a", "let x = 1", "\t}", "  ", "caf\u{E9}", "cafe\u{301}", "日本語", "x\u{308}\u{301}", "é", "—", "🙂", "한글",
        "end",
    ]

    mutating func word() -> String { Self.words.randomElement(using: &random) ?? "" }

    mutating func lines(_ word: (inout Texts) -> String) -> [String] {
        (0..<Int.random(in: 0...12, using: &random)).map { _ in word(&self) }
    }

    /// A text in one kind of line ends or in several, with or without the last.
    mutating func text(_ word: (inout Texts) -> String = { $0.word() }) -> String {
        let lines = lines(word)
        let one = Self.endings.randomElement(using: &random) ?? "\n"
        let isMixed = Bool.random(using: &random)
        var text = ""
        for (index, line) in lines.enumerated() {
            text += line
            if index == lines.count - 1, Bool.random(using: &random) { break }
            text += isMixed ? Self.endings[Int.random(in: 0...1, using: &random)] : one
        }
        return text
    }

    /// The bytes of a file of a random form.
    mutating func file() -> [UInt8] {
        let encoding = TextEncoding.allCases.randomElement(using: &random) ?? .utf8
        let isLatin = encoding == .windows1252
        let content = text { isLatin ? ["naïve", "x", "", "ça va"].randomElement(using: &$0.random) ?? "" : $0.word() }
        let hasMark = encoding.width > 1 || Bool.random(using: &random)
        let body = (try? encoding.encode(content).get()) ?? []
        return (hasMark ? encoding.mark : []) + body
    }
}

struct TextFileTests {
    private static let rounds = Fuzzer.factor * 400

    @Test func `the lines of any text, put together, are its bytes`() throws {
        var texts = Texts(random: SeededNumbers(seed: 1))
        var fuzzer = Fuzzer(seed: 1)
        for _ in 0..<Self.rounds {
            let bytes = Bool.random(using: &texts.random) ? texts.file() : Array(fuzzer.noise(upTo: 300))
            guard let file = TextFile(bytes) else { continue }
            #expect((0..<file.count).flatMap { bytes[file.range(of: $0)] } == Array(bytes[file.textStart...]))
            for line in 0..<file.count {
                #expect(file.content(of: line).upperBound <= file.range(of: line).upperBound)
                #expect(file.line(at: file.range(of: line).lowerBound) == line)
                #expect((file.ending(of: line) == nil) == (line == file.count - 1 && !file.endsInNewline))
            }
        }
    }

    @Test func `what is decoded is encoded to the same bytes`() throws {
        var texts = Texts(random: SeededNumbers(seed: 2))
        for _ in 0..<Self.rounds {
            let bytes = texts.file()
            let file = try #require(TextFile(bytes))
            for line in 0..<file.count {
                let content = file.content(of: line)
                #expect(try file.form.encoding.encode(file.text(of: line)).get() == Array(bytes[content]))
            }
        }
    }

    @Test func `the old content written anew is the same file, byte by byte`() throws {
        var texts = Texts(random: SeededNumbers(seed: 3))
        for _ in 0..<Self.rounds {
            let bytes = texts.file()
            let file = try #require(TextFile(bytes))
            // What a model sees, and writes back: lines that end in LF.
            var text = (0..<file.count).map { file.text(of: $0) }.joined(separator: "\n")
            if file.count > 0, file.endsInNewline { text += "\n" }
            guard !text.utf8.contains(13) else { continue }
            #expect(FormedText(text, like: file, "x").bytes == bytes, "\(file.form): \(text.debugDescription)")
        }
    }

    @Test func `an edit of one line changes the bytes of this line alone`() throws {
        var texts = Texts(random: SeededNumbers(seed: 4))
        var edits = 0
        while edits < Self.rounds {
            let bytes = texts.file()
            let file = try #require(TextFile(bytes))
            guard file.count > 0 else { continue }
            let line = Int.random(in: 0..<file.count, using: &texts.random)
            let old = file.text(of: line)
            guard old.utf8.count > 2, !old.utf8.contains(13) else { continue }
            let places = (0..<file.count).filter { file.text(of: $0).unicodeScalars.elementsEqual(old.unicodeScalars) }
            edits += 1
            // All places, as the word may be in the file more than once.
            guard
                let edited = try? TextReplacement(old: old, new: "<\(old)>", all: true).apply(to: bytes, of: "x").bytes,
                let after = TextFile(edited)
            else { continue }
            #expect(after.count == file.count && after.form == file.form)
            for line in places {
                let content = Array(bytes[file.content(of: line)])
                let expected = try file.form.encoding.encode("<").get() + content + file.form.encoding.encode(">").get()
                #expect(Array(edited[after.content(of: line)]).starts(with: expected.prefix(2)))
            }
            for line in 0..<file.count {
                #expect(after.ending(of: line) == file.ending(of: line))
                guard !file.text(of: line).contains(old) else { continue }
                #expect(edited[after.range(of: line)] == bytes[file.range(of: line)])
            }
        }
    }

    @Test func `forms are told apart`() {
        func form(_ bytes: [UInt8]) -> TextForm? { TextFile(bytes)?.form }
        #expect(form(Array("a\r\nb\r\n".utf8)) == TextForm(ending: .crlf))
        #expect(form(Array("a\rb".utf8)) == TextForm(ending: .cr))
        #expect(form(Array("a\nb\rc\n".utf8)) == TextForm())
        #expect(form(Array("a\nb\nc\r\n".utf8)) == TextForm(isMixed: true))
        #expect(form([0xEF, 0xBB, 0xBF, 0x61]) == TextForm(hasMark: true))
        #expect(
            form([0xFF, 0xFE, 0x61, 0, 0x0D, 0, 0x0A, 0]) == TextForm(.utf16LittleEndian, hasMark: true, ending: .crlf))
        #expect(form([0xFE, 0xFF, 0, 0x61]) == TextForm(.utf16BigEndian, hasMark: true))
        #expect(form([0x63, 0x61, 0x66, 0xE9, 0x0A]) == TextForm(.windows1252))
        #expect(form([0x61, 0, 0x62]) == nil)
        #expect(form([0xFF, 0xFE, 0, 0]) == nil)
        #expect(form([0x7F, 0x45, 0x4C, 0x46, 0x02, 0x01, 0xC0]) == nil)
        // One damaged byte makes no other text of it.
        #expect(form(Array("äöü".utf8) + [0xFF]) == TextForm())
        #expect(form([]) == TextForm())
    }
}
