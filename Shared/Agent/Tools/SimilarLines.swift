/// The place of a text that is most like another text: a hint after an edit that did not match.
struct SimilarLines {
    let first: Int
    let last: Int
    let text: String

    /// How many pairs of lines are compared at most, and how many lines are looked at to find the best candidates.
    private static let mostPairs = 200_000
    private static let mostLines = 200_000

    /// `nil` if nothing is at least half alike.
    init?(to wanted: String, in file: TextFile) {
        let goal = TextFile(Array(wanted.utf8), .utf8)
        let goals = (0..<min(goal.count, 40)).map { Self.letters(goal.text(of: $0)) }
        guard !goals.isEmpty, file.count > 0 else { return nil }
        let features = goals.map(Self.pairs)
        var known: [Int: Set<Pair>] = [:]
        var best = (start: 0, score: 0.0)
        for start in Self.candidates(for: goals, in: file) {
            var score = 0.0
            for (offset, goal) in features.enumerated() where start + offset < file.count {
                let line = start + offset
                let pairs = known[line] ?? Self.pairs(Self.letters(file.text(of: line)))
                known[line] = pairs
                score += Self.likeness(pairs, goal)
            }
            if score / Double(goals.count) > best.score { best = (start, score / Double(goals.count)) }
        }
        guard best.score >= 0.5 else { return nil }
        let end = min(best.start + min(goals.count, 20), file.count)
        first = best.start + 1
        last = end
        text = (best.start..<end).map { OutputLimiter.shorten(file.text(of: $0), to: 500) }.joined(separator: "\n")
    }

    /// Where the place may begin: anywhere in a small file, else where one of the lines is, white space aside.
    private static func candidates(for goals: [[Unicode.Scalar]], in file: TextFile) -> [Int] {
        guard file.count * goals.count > mostPairs else { return Array(0..<file.count) }
        let offsets = Dictionary(goals.enumerated().map { ($1, $0) }) { first, _ in first }
        var starts: [Int] = []
        for line in 0..<min(file.count, mostLines) where starts.count < mostPairs / goals.count {
            let content = file.content(of: line)
            guard content.count <= 4000, let offset = offsets[letters(file.text(in: content))] else { continue }
            if line >= offset, starts.last != line - offset { starts.append(line - offset) }
        }
        return starts
    }

    private struct Pair: Hashable {
        let first: Unicode.Scalar
        let second: Unicode.Scalar
    }

    /// What a line says, white space aside; of a long one its beginning.
    private static func letters(_ line: String) -> [Unicode.Scalar] {
        Array(line.unicodeScalars.lazy.filter { !$0.properties.isWhitespace }.prefix(200))
    }

    /// Pairs of neighbouring characters.
    private static func pairs(_ letters: [Unicode.Scalar]) -> Set<Pair> {
        Set(zip(letters, letters.dropFirst()).map { Pair(first: $0, second: $1) })
    }

    /// The Dice coefficient of two lines, 0 to 1.
    private static func likeness(_ left: Set<Pair>, _ right: Set<Pair>) -> Double {
        let size = left.count + right.count
        return size == 0 ? 1 : 2 * Double(left.intersection(right).count) / Double(size)
    }
}
