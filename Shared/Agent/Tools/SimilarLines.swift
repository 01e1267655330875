/// The place of a text that is most like another text: a hint after an edit that did not match.
struct SimilarLines {
    let first: Int
    let last: Int
    let text: String

    /// `nil` if nothing is at least half alike, or the texts are too long to compare.
    init?(to wanted: String, in text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let goal = wanted.split(separator: "\n", omittingEmptySubsequences: false).prefix(40).map { Self.pairs($0) }
        guard !goal.isEmpty, !lines.isEmpty, lines.count * goal.count <= 200_000 else { return nil }
        let features = lines.map { Self.pairs($0[...]) }
        var best = (start: 0, score: 0.0)
        for start in lines.indices {
            let window = features[start..<min(start + goal.count, lines.count)]
            let score = zip(window, goal).reduce(0) { $0 + Self.likeness($1.0, $1.1) } / Double(goal.count)
            if score > best.score { best = (start, score) }
        }
        guard best.score >= 0.5 else { return nil }
        let end = min(best.start + min(goal.count, 20), lines.count)
        first = best.start + 1
        last = end
        self.text = lines[best.start..<end].joined(separator: "\n")
    }

    /// Pairs of neighbouring characters, white space aside.
    private static func pairs(_ line: Substring) -> Set<String> {
        let characters = line.filter { !$0.isWhitespace }.prefix(200)
        return Set(zip(characters, characters.dropFirst()).map { "\($0)\($1)" })
    }

    /// The Dice coefficient of two lines, 0 to 1.
    private static func likeness(_ left: Set<String>, _ right: Set<String>) -> Double {
        let size = left.count + right.count
        return size == 0 ? 1 : 2 * Double(left.intersection(right).count) / Double(size)
    }
}
