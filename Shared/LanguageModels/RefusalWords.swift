import Foundations

/// What a provider said, as rules read it: in lower case, without the backslashes of JSON within JSON.
struct RefusalWords: Sendable {
    let text: String

    init(_ text: String) { self.text = text.lowercased().filter { $0 != "\\" } }

    /// The same without what marks names.
    var withoutQuotes: RefusalWords { RefusalWords(text.filter { !"'\"`".contains($0) }) }

    /// Whether all of `parts` are there.
    func has(_ parts: String...) -> Bool { parts.allSatisfy { text.contains($0) } }

    func hasAny(_ parts: [String]) -> Bool { parts.contains { text.contains($0) } }

    /// Whether `word` stands alone somewhere, not as part of a name.
    func hasWord(_ word: String) -> Bool {
        text.split { !Self.isWord($0) }.contains { $0 == word }
    }

    /// Whether the field `name` is spoken of: as a word of its own, and in quotes or as part of a path unless it can be
    /// no ordinary word.
    func names(_ name: String) -> Bool {
        let name = name.lowercased()
        return text.ranges(of: name).contains { range in
            let before = range.lowerBound == text.startIndex ? " " : text[text.index(before: range.lowerBound)]
            let after = range.upperBound == text.endIndex ? " " : text[range.upperBound]
            guard !Self.isWord(before), !Self.isWord(after) else { return false }
            if name == "additionalproperties" || name.contains(where: { $0 == "_" || $0 == "$" }) { return true }
            if "'\"`.".contains(before) || "'\"`:".contains(after) { return true }
            return Self.titles.contains { text[..<range.lowerBound].hasSuffix($0) }
                || Self.verdicts.contains { text[range.upperBound...].hasPrefix($0) }
        }
    }

    /// What makes an ordinary word the name of a field: before it …
    private static let titles = [
        "parameter ", "parameter: ", "parameters: ", "argument ", "field ", "field: ", "property ", "supplied: ",
    ]
    /// … or behind it.
    private static let verdicts = [
        " is not supported", " is not allowed", " is not permitted", " is unsupported", " is deprecated",
        " not supported",
    ]

    private static func isWord(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "_"
    }

    /// The whole numbers that stand alone, in order; `204,800` is one.
    var numbers: [Int] { Self.numbers(in: text) }

    static func numbers(in text: some StringProtocol) -> [Int] {
        text.split { !isWord($0) && $0 != "," }.flatMap { part -> [Int] in
            let groups = part.split(separator: ",")
            let isOne = groups.first?.first != "0" && groups.dropFirst().allSatisfy { $0.count == 3 }
            return isOne ? [Int(groups.joined(separator: ""))].compactMap(\.self) : groups.compactMap { Int($0) }
        }
    }
}
