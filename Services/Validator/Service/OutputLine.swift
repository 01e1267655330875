/// One line of output as words, for readers of test counts.
struct OutputLine {
    /// How much of the end of an output is looked at, in bytes: all that ``ValidationRunner`` keeps.
    private static let tailBytes = 320 << 10
    /// The longest number that counts tests. Digits.
    private static let longestNumber = 9

    /// Without the punctuation between them.
    let words: [Substring]

    private init(_ text: Substring) {
        words = text.utf8.split(whereSeparator: { byte in
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: ","), UInt8(ascii: ";"),
                UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "="):
                true
            default: false
            }
        }).map { Substring($0) }
    }

    /// The lines at the end of `output`, in order.
    static func last(of output: String) -> [OutputLine] {
        String(decoding: output.utf8.suffix(tailBytes), as: UTF8.self).utf8
            .split(separator: UInt8(ascii: "\n")).map { OutputLine(Substring($0)) }
    }

    /// The word at a place; `nil` beyond the end.
    func word(_ index: Int) -> Substring? { words.indices.contains(index) ? words[index] : nil }

    /// The number at a place.
    func number(_ index: Int) -> Int? {
        guard let word = word(index), word.utf8.count <= Self.longestNumber else { return nil }
        return Int(word).flatMap { $0 >= 0 ? $0 : nil }
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

    /// The number right before the first of `labels`: "3 failed".
    func count(before labels: String...) -> Int? {
        for index in words.indices.dropFirst() where labels.contains(where: { words[index] == $0 }) {
            if let number = number(index - 1) { return number }
        }
        return nil
    }

    /// The number right after `label`: "failures=3".
    func count(after label: String) -> Int? {
        for index in words.indices where words[index] == label {
            if let number = number(index + 1) { return number }
        }
        return nil
    }

    /// Whether a word is a time like `0.12s`.
    func tellsSeconds(at index: Int) -> Bool {
        guard let word = word(index), word.utf8.count > 1, word.last == "s" else { return false }
        return word.utf8.dropLast().allSatisfy { (48...57).contains($0) || $0 == UInt8(ascii: ".") }
    }
}
