/// One pattern of a `.gitignore`, matched without backtracking: no pattern makes it slow.
///
/// `*` and `?` stop at slashes, `**` does not; `[a-z]` and `[!a-z]` are sets; a backslash takes the next byte literally.
struct Glob: Sendable {
    private enum Step: Sendable {
        case byte(UInt8)
        case anyByte
        case set([ClosedRange<UInt8>], negated: Bool)
        /// `*`: any bytes but a slash.
        case star
        /// `**` at the end: anything.
        case rest
        /// `**/`: nothing, or anything that ends in a slash.
        case folders
    }

    private static let slash = UInt8(ascii: "/")
    private let steps: [Step]
    /// The pattern itself, if it is plain text: most are.
    private let literal: [UInt8]?

    init(_ pattern: some Sequence<UInt8>) {
        var steps: [Step] = []
        let bytes = Array(pattern)
        var index = 0
        while index < bytes.count { steps.append(Self.step(bytes, &index)) }
        self.steps = steps
        let plain = steps.compactMap { if case .byte(let byte) = $0 { byte } else { nil } }
        literal = plain.count == steps.count ? plain : nil
    }

    /// Whether the whole of `text` matches. Follows all ways to match at once: time is at most steps times bytes.
    func matches(_ text: ArraySlice<UInt8>) -> Bool {
        if let literal { return text.elementsEqual(literal) }
        var active = [Bool](repeating: false, count: steps.count + 1)
        var next = active
        advance(0, into: &active)
        for byte in text {
            for position in next.indices { next[position] = false }
            for position in steps.indices where active[position] { consume(byte, at: position, into: &next) }
            guard next.contains(true) else { return false }
            swap(&active, &next)
        }
        return active[steps.count]
    }

    /// Adds `position` and all that follow it without a byte.
    private func advance(_ position: Int, into active: inout [Bool]) {
        var position = position
        while !active[position] {
            active[position] = true
            guard position < steps.count else { return }
            switch steps[position] {
            case .star, .rest, .folders: position += 1
            default: return
            }
        }
    }

    private func consume(_ byte: UInt8, at position: Int, into next: inout [Bool]) {
        switch steps[position] {
        case .byte(let expected): if byte == expected { advance(position + 1, into: &next) }
        case .anyByte: if byte != Self.slash { advance(position + 1, into: &next) }
        case .set(let ranges, let negated):
            if byte != Self.slash, ranges.contains(where: { $0.contains(byte) }) != negated {
                advance(position + 1, into: &next)
            }
        case .star: if byte != Self.slash { advance(position, into: &next) }
        case .rest: advance(position, into: &next)
        case .folders:
            // Within a component the step waits; only behind a slash may what follows begin.
            next[position] = true
            if byte == Self.slash { advance(position + 1, into: &next) }
        }
    }

    // MARK: Parsing

    private static func step(_ bytes: [UInt8], _ index: inout Int) -> Step {
        let byte = bytes[index]
        index += 1
        switch byte {
        case UInt8(ascii: "*"): return stars(bytes, &index)
        case UInt8(ascii: "?"): return .anyByte
        case UInt8(ascii: "["): return set(bytes, &index) ?? .byte(byte)
        case UInt8(ascii: "\\") where index < bytes.count:
            index += 1
            return .byte(bytes[index - 1])
        default: return .byte(byte)
        }
    }

    private static func stars(_ bytes: [UInt8], _ index: inout Int) -> Step {
        let start = index - 1
        while index < bytes.count, bytes[index] == UInt8(ascii: "*") { index += 1 }
        // Two stars mean more only as a whole component.
        guard index - start >= 2, start == 0 || bytes[start - 1] == slash else { return .star }
        if index == bytes.count { return .rest }
        guard bytes[index] == slash else { return .star }
        index += 1
        return .folders
    }

    /// The set that begins behind `[`, or `nil` if it has no end.
    private static func set(_ bytes: [UInt8], _ index: inout Int) -> Step? {
        var cursor = index
        var ranges: [ClosedRange<UInt8>] = []
        let negated = cursor < bytes.count && (bytes[cursor] == UInt8(ascii: "!") || bytes[cursor] == UInt8(ascii: "^"))
        if negated { cursor += 1 }
        let first = cursor
        func member() -> UInt8? {
            if cursor < bytes.count, bytes[cursor] == UInt8(ascii: "\\") { cursor += 1 }
            guard cursor < bytes.count else { return nil }
            cursor += 1
            return bytes[cursor - 1]
        }
        while cursor < bytes.count, cursor == first || bytes[cursor] != UInt8(ascii: "]") {
            guard let low = member() else { return nil }
            var high = low
            if cursor + 1 < bytes.count, bytes[cursor] == UInt8(ascii: "-"), bytes[cursor + 1] != UInt8(ascii: "]") {
                cursor += 1
                guard let end = member() else { return nil }
                high = end
            }
            if low <= high { ranges.append(low...high) }
        }
        guard cursor < bytes.count else { return nil }
        index = cursor + 1
        return .set(ranges, negated: negated)
    }
}
