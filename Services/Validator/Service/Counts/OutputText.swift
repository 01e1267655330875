/// What a command printed, as a reader sees it: without colours, and of lines that were drawn anew only the last state.
struct OutputText {
    /// How much is looked at, in bytes: all that ``ValidationRunner`` keeps.
    private static let mostBytes = 320 << 10

    let lines: [OutputLine]

    init(_ output: String) {
        let isCut = output.utf8.count > Self.mostBytes
        lines =
            (isCut ? [.gap] : [])
            + Self.plainLines(of: output).map(OutputLine.init).filter { !$0.text.isEmpty || $0.isGap }
    }

    /// The lines at the end, as a terminal would show them.
    static func plainLines(of output: String) -> [Substring] {
        String(decoding: plain(output.utf8.suffix(mostBytes)), as: UTF8.self).utf8
            .split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { lastDrawn(Substring($0)) }
    }

    /// Without the sequences that a terminal takes for itself.
    private static func plain(_ bytes: some Collection<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var sequence = EscapeSequence.none
        for byte in bytes where sequence.isText(byte) && (byte >= 0x20 || [0x09, 0x0A, 0x0D].contains(byte)) {
            result.append(byte)
        }
        return result
    }

    /// What stands on the line after its last return to the start.
    private static func lastDrawn(_ line: Substring) -> Substring {
        let drawn = line.utf8.split(separator: UInt8(ascii: "\r")).last
        return drawn.map { Substring($0) } ?? ""
    }
}

extension Substring {
    /// The beginning of at most `limit` bytes; no scalar is cut in two.
    func cut(_ limit: Int) -> Substring {
        guard var end = utf8.index(startIndex, offsetBy: limit, limitedBy: endIndex), end < endIndex else {
            return self
        }
        while end > startIndex, utf8[end] & 0xC0 == 0x80 { end = utf8.index(before: end) }
        return self[..<end]
    }

    /// Where `part` stands for the first time, byte by byte.
    func range(of part: String) -> Range<Index>? {
        guard let first = part.utf8.first else { return nil }
        var start = utf8.startIndex
        while let found = utf8[start...].firstIndex(of: first) {
            if utf8[found...].starts(with: part.utf8) {
                return found..<utf8.index(found, offsetBy: part.utf8.count)
            }
            start = utf8.index(after: found)
        }
        return nil
    }
}

/// How far into a control sequence of a terminal (ECMA-48) a text is.
private enum EscapeSequence {
    case none, begun, control, text, textEnd

    /// Takes the next byte and tells whether it belongs to the text. A line's end ends every sequence.
    mutating func isText(_ byte: UInt8) -> Bool {
        if byte == 0x0A { self = .none }
        switch (self, byte) {
        case (.none, 0x1B): self = .begun
        case (.none, _): return true
        case (.begun, UInt8(ascii: "[")): self = .control
        case (.begun, UInt8(ascii: "]")): self = .text
        case (.control, 0x40...0x7E), (.text, 0x07), (.textEnd, _): self = .none
        case (.begun, 0x20...0x2F), (.control, _): break
        case (.begun, _): self = .none
        case (.text, 0x1B): self = .textEnd
        case (.text, _): break
        }
        return false
    }
}
