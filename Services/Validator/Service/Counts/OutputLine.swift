/// One line of output as words, for readers of test counts.
struct OutputLine {
    /// No line that counts is longer. Bytes.
    private static let longest = 2048
    /// The longest number that counts tests. Digits.
    private static let longestNumber = 9
    /// Stands where a part of the output is missing.
    static let gap = OutputLine(isGap: true)

    /// Without what a tool that runs others writes before each of their lines, and without blanks at the end.
    let text: Substring
    /// Without the punctuation between and behind them.
    let words: [Substring]
    let isGap: Bool

    init(_ line: Substring) {
        var text = line.cut(Self.longest)
        while let last = text.utf8.last, last == 0x20 || last == 0x09 { text = Substring(text.utf8.dropLast()) }
        self.text = LinePrefix.removed(from: text)
        words = Self.words(of: self.text)
        isGap =
            words.count == 7 && text.utf8.starts(with: "[... ".utf8) && text.utf8.last == UInt8(ascii: "]")
            && text.utf8.dropFirst(5).first.map { (48...57).contains($0) } == true && words[2] == "bytes"
    }

    private init(isGap: Bool) {
        (text, words, self.isGap) = ("", [], isGap)
    }

    private static func words(of text: Substring) -> [Substring] {
        text.utf8.split { byte in
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "("),
                UInt8(ascii: ")"), UInt8(ascii: "="):
                true
            default: false
            }
        }.map { word in
            guard let last = word.last, last == UInt8(ascii: ".") || last == UInt8(ascii: "!") else {
                return Substring(word)
            }
            let rest = word.dropLast()
            return rest.isEmpty || rest.last == UInt8(ascii: ".") ? Substring(word) : Substring(rest)
        }
    }

    // MARK: Text

    /// Blanks at the beginning.
    var indent: Int { text.utf8.prefix { $0 == 0x20 || $0 == 0x09 }.count }

    func starts(with prefix: String) -> Bool { text.utf8.starts(with: prefix.utf8) }

    func ends(with suffix: String) -> Bool { text.utf8.reversed().starts(with: suffix.utf8.reversed()) }

    /// Where `part` stands for the first time.
    func range(of part: String) -> Range<Substring.Index>? { text.range(of: part) }

    func contains(_ part: String) -> Bool { range(of: part) != nil }

    /// Whether the line is nothing but `byte`, at least three times.
    func isRule(of byte: Character) -> Bool { text.utf8.count >= 3 && text.allSatisfy { $0 == byte } }

    // MARK: Words

    /// The word at a place; `nil` beyond the end.
    func word(_ index: Int) -> Substring? { words.indices.contains(index) ? words[index] : nil }

    /// The number at a place.
    func number(_ index: Int) -> Int? { word(index).flatMap(Self.number) }

    static func number(_ word: Substring) -> Int? {
        guard (1...longestNumber).contains(word.utf8.count), word.utf8.allSatisfy({ (48...57).contains($0) }) else {
            return nil
        }
        return Int(word)
    }

    /// Whether the word at a place is one of `words`.
    func word(_ index: Int, is words: String...) -> Bool {
        word(index).map { word in words.contains { word == $0 } } ?? false
    }

    /// Whether the line begins with `words`.
    func begins(with words: String...) -> Bool { holds(words, at: 0) }

    /// The place behind `words` where they come one after the other for the first time.
    func end(of words: String...) -> Int? {
        guard self.words.count >= words.count else { return nil }
        return (0...(self.words.count - words.count)).first { holds(words, at: $0) }.map { $0 + words.count }
    }

    private func holds(_ words: [String], at start: Int) -> Bool {
        self.words.count - start >= words.count && zip(self.words[start...], words).allSatisfy { $0 == $1 }
    }

    // MARK: Counts

    /// The sum of the numbers right before each of `labels`, each once: "3 failed".
    func count(before labels: String...) -> Int? { count(labels, offset: -1) }

    /// The sum of the numbers right after each of `labels`, each once: "failures=3".
    func count(after labels: String...) -> Int? { count(labels, offset: 1) }

    private func count(_ labels: [String], offset: Int) -> Int? {
        labels.reduce(nil) { sum, label in
            let index = words.indices.first { words[$0] == label && number($0 + offset) != nil }
            guard let number = index.flatMap({ number($0 + offset) }) else { return sum }
            return (sum ?? 0) + number
        }
    }

    /// Whether a word is a time like `0.12s`, `12ms` or `1.2`.
    func tellsTime(at index: Int) -> Bool {
        guard let word = word(index), let first = word.utf8.first, (48...57).contains(first) else { return false }
        let unit = word.utf8.drop { (48...57).contains($0) || $0 == UInt8(ascii: ".") }
        return ["", "s", "ms", "m", "µs", "μs", "ns"].contains { $0.utf8.elementsEqual(unit) }
    }

    /// Whether a word is a time like `0.12s`.
    func tellsSeconds(at index: Int) -> Bool {
        guard let word = word(index), word.utf8.count > 1, word.utf8.last == UInt8(ascii: "s") else { return false }
        return word.utf8.dropLast().allSatisfy { (48...57).contains($0) || $0 == UInt8(ascii: ".") }
    }
}
