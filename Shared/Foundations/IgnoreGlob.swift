/// One pattern of a `.gitignore`, matched by bytes, see ``PathPattern``.
///
/// `*` and `?` stop at slashes, `**` does not; `[a-z]` and `[!a-z]` are sets; a backslash takes the next byte literally.
package struct IgnoreGlob: Sendable {
    private let pattern: PathPattern
    /// The pattern itself, if it is plain text: most are.
    private let literal: [UInt8]?

    package init(_ bytes: some Sequence<UInt8>) {
        var reader = PatternReader(bytes.map(UInt32.init), escapes: true)
        var states: [PathPattern.State] = []
        while let symbol = reader.next {
            reader.position += 1
            states += Self.states(symbol, &reader, at: states.count)
        }
        let plain = states.compactMap { if case .take(.one(let symbol), _) = $0 { UInt8(symbol) } else { nil } }
        literal = plain.count == states.count ? plain : nil
        pattern = PathPattern(states: states + [.end])
    }

    /// Whether the whole of `text` matches.
    package func matches(_ text: ArraySlice<UInt8>) -> Bool {
        if let literal { return text.elementsEqual(literal) }
        return pattern.matches(text.lazy.map(UInt32.init))
    }

    /// The states that `symbol`, just read, stands for; they lead on to the one behind them.
    private static func states(
        _ symbol: UInt32, _ reader: inout PatternReader, at index: Int
    ) -> [PathPattern.State] {
        switch UInt8(symbol) {
        case UInt8(ascii: "*"): return stars(&reader, at: index)
        case UInt8(ascii: "?"): return [.take(.inName, then: index + 1)]
        case UInt8(ascii: "["): return [.take(reader.set() ?? .one(symbol), then: index + 1)]
        case UInt8(ascii: "\\"): return [.take(.one(reader.literal(as: symbol)), then: index + 1)]
        default: return [.take(.one(symbol), then: index + 1)]
        }
    }

    private static func stars(_ reader: inout PatternReader, at index: Int) -> [PathPattern.State] {
        let start = reader.position - 1
        while reader.skip(UInt8(ascii: "*")) {}
        // Two stars mean more only as a whole component.
        let isWhole = reader.position - start >= 2 && (start == 0 || reader.symbols[start - 1] == PathPattern.slash)
        guard isWhole else { return [.loop(.inName, then: index + 1)] }
        guard reader.next != nil else { return [.loop(.anything, then: index + 1)] }
        guard reader.skip(UInt8(ascii: "/")) else { return [.loop(.inName, then: index + 1)] }
        // Nothing, or anything that ends in a slash.
        return [
            .fork([index + 1, index + 3]), .loop(.anything, then: index + 2),
            .take(.one(PathPattern.slash), then: index + 3),
        ]
    }
}

extension PatternReader {
    /// The symbol behind a backslash that was read; at the end the backslash itself.
    fileprivate mutating func literal(as backslash: UInt32) -> UInt32 {
        guard let symbol = next else { return backslash }
        position += 1
        return symbol
    }
}
