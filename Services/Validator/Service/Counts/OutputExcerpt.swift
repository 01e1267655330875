/// The part of a long output that tells why a command failed: what stands around failures, and the end.
package struct OutputExcerpt {
    private static let longestLine = 400
    private static let (before, after) = (2, 12)
    /// What only failures print, and what may stand in other texts as well.
    private static let signs = [
        [
            "Traceback (most recent", "panicked at", "error:", "error[", "AssertionError", "Error: ", "Exception: ",
            "FAILED", "--- FAIL", "not ok ", "Assertion failed", "Segmentation fault", "fatal:",
        ], ["FAIL", "rror", "xpected", "failed", "●", "✘", "✗", "✖", "✕", "×"],
    ]

    private let lines: [Substring]
    private var isKept: [Bool]
    private var left: Int

    /// At most about `limit` bytes of `output`. Takes time in proportion to its length. Blocking.
    package static func text(of output: String, limit: Int) -> String {
        var excerpt = OutputExcerpt(output, limit: limit / 3)
        let tail = excerpt.keepTail()
        guard tail > 0 else { return excerpt.text }
        excerpt.left = limit - limit / 3
        for signs in Self.signs { excerpt.keepAround(signs, before: tail) }
        excerpt.keepTail()
        return excerpt.text
    }

    private init(_ output: String, limit: Int) {
        var lines = OutputText.plainLines(of: output).map { $0.cut(Self.longestLine) }
        while lines.last?.isEmpty == true { lines.removeLast() }
        self.lines = lines
        isKept = [Bool](repeating: false, count: lines.count)
        left = limit
    }

    /// Keeps as much of the end as there is room for. Returns where that begins.
    @discardableResult
    private mutating func keepTail() -> Int {
        for index in lines.indices.reversed() {
            guard keep(index) else { return index + 1 }
        }
        return 0
    }

    private mutating func keepAround(_ signs: [String], before end: Int) {
        for index in 0..<end where signs.contains(where: { lines[index].range(of: $0) != nil }) {
            for near in max(0, index - Self.before)..<min(end, index + Self.after + 1) {
                guard keep(near) else { return }
            }
        }
    }

    /// Returns whether there was room for the line.
    private mutating func keep(_ index: Int) -> Bool {
        guard !isKept[index] else { return true }
        let size = lines[index].utf8.count + 1
        guard size <= left else { return false }
        left -= size
        isKept[index] = true
        return true
    }

    private var text: String {
        var parts: [Substring] = []
        for index in lines.indices {
            if isKept[index] {
                parts.append(lines[index])
            } else if index == 0 || isKept[index - 1] {
                parts.append("[...]")
            }
        }
        return parts.joined(separator: "\n")
    }
}
