/// What tools that run others write before each line of theirs: the package, a time, a number of a step.
enum LinePrefix {
    /// The line without it.
    static func removed(from line: Substring) -> Substring {
        let bytes = line.utf8
        guard let blank = bytes.firstIndex(of: UInt8(ascii: " ")), blank > bytes.startIndex else { return line }
        let first = bytes[..<blank]
        let rest = Substring(bytes[blank...].dropFirst())
        if isTask(first) || isTime(first) { return rest }
        // docker compose: "web-1  | …"; foreman: "web.1   | …"
        if first.last.map(isDigit) == true, first.contains(where: { "-_.".utf8.contains($0) }) {
            let line = rest.utf8.drop { $0 == UInt8(ascii: " ") }
            if line.starts(with: "| ".utf8) { return Substring(line.dropFirst(2)) }
        }
        // docker build: "#12 3.401 …"
        if first.first == UInt8(ascii: "#"), first.count > 1, first.dropFirst().allSatisfy(isDigit),
            let time = rest.utf8.firstIndex(of: UInt8(ascii: " ")), time > rest.startIndex,
            rest.utf8[..<time].allSatisfy({ isDigit($0) || $0 == UInt8(ascii: ".") })
        {
            return Substring(rest.utf8[time...].dropFirst())
        }
        // pnpm: "packages/a test: …"
        for script in ["test: ", "test$ "] where rest.utf8.starts(with: script.utf8) && first.last != UInt8(ascii: ":")
        {
            return Substring(rest.utf8.dropFirst(script.utf8.count))
        }
        return line
    }

    /// turbo's "app:test:", lerna's "@scope/app:", yarn's "[app]:", concurrently's "[0]", stack's "app>".
    private static func isTask(_ word: Substring.UTF8View.SubSequence) -> Bool {
        if word.last == UInt8(ascii: ">") { return word.first.map { Character(Unicode.Scalar($0)).isLetter } == true }
        if word.first == UInt8(ascii: "@") { return word.last == UInt8(ascii: ":") }
        guard word.first == UInt8(ascii: "[") else {
            return word.last == UInt8(ascii: ":")
                && word.dropLast().split(separator: UInt8(ascii: ":")).dropFirst()
                    .contains { $0.elementsEqual("test".utf8) }
        }
        if word.last == UInt8(ascii: ":") { return word.dropLast().last == UInt8(ascii: "]") }
        return word.count > 2 && word.last == UInt8(ascii: "]") && word.dropFirst().dropLast().allSatisfy(isDigit)
    }

    /// A time as logs write it: "2026-11-21T10:00:00.000Z".
    private static func isTime(_ word: Substring.UTF8View.SubSequence) -> Bool {
        guard word.count >= 19, word.last == UInt8(ascii: "Z") else { return false }
        return word.prefix(4).allSatisfy(isDigit) && word.dropFirst(10).first == UInt8(ascii: "T")
            && word.allSatisfy { isDigit($0) || "-:.TZ".utf8.contains($0) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
}
