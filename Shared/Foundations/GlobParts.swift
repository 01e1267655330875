/// A ``Glob`` taken apart.
struct GlobParts {
    private enum Part {
        case take(PathPattern.Symbols)
        /// `*`.
        case star
        /// `**`: any number of whole names where it stands alone between slashes, else as `*`.
        case folders
        case slash
        /// `{`, `,` and `}`: goes on at all of these at once.
        case fork([Int])
        case end
    }

    /// What was matched right before a part.
    private enum Place: Int, CaseIterable {
        /// Something of a name, which the part continues.
        case inName
        /// A slash of the pattern, which the path has to have next.
        case atSlash
        /// `**`: whole names may follow, or none.
        case betweenNames
        /// The first slash of the names that `**` stands for.
        case amongNames
        /// Something of the last name of a path, by an alternative that has had no slash.
        case inLastName
        /// For what needs a state more.
        case spare
    }

    /// The states before those of the first part, see ``pattern``.
    private static let opening = 3

    private var parts: [Part] = []

    init(_ symbols: some Sequence<UInt32>) {
        var reader = PatternReader(Array(symbols), escapes: false)
        var braces = BraceStack()
        while let symbol = reader.next {
            reader.position += 1
            read(symbol, &reader, &braces)
        }
        for (index, symbol) in braces.unmatched { parts[index] = .take(.one(symbol)) }
        parts.append(.end)
    }

    /// The pattern over a path behind a slash.
    var pattern: PathPattern {
        var states: [PathPattern.State] = [
            // The whole path, or only its last name.
            .fork([Self.state(0, .atSlash), 1]), .loop(.anything, then: 2),
            .take(.one(PathPattern.slash), then: Self.state(0, .inLastName)),
        ]
        states.reserveCapacity(Self.opening + parts.count * Place.allCases.count)
        for (index, part) in parts.enumerated() {
            states += Place.allCases.map { Self.meaning(of: part, at: index, $0) }
        }
        return PathPattern(states: states)
    }

    private static func state(_ part: Int, _ place: Place) -> Int {
        opening + part * Place.allCases.count + place.rawValue
    }
}

// MARK: Reading

extension GlobParts {
    /// The braces that were read and may still turn out to be plain characters.
    private struct BraceStack {
        struct Group {
            let open: Int
            var commas: [Int] = []
        }

        var groups: [Group] = []
        var unmatched: [(index: Int, symbol: UInt32)] {
            groups.flatMap { group in
                [(group.open, UInt32(UInt8(ascii: "{")))] + group.commas.map { ($0, UInt32(UInt8(ascii: ","))) }
            }
        }
    }

    private mutating func read(_ symbol: UInt32, _ reader: inout PatternReader, _ braces: inout BraceStack) {
        switch UInt8(exactly: symbol) {
        case UInt8(ascii: "*"): parts.append(Self.stars(&reader))
        case UInt8(ascii: "?"): parts.append(.take(.inName))
        case UInt8(ascii: "["): parts.append(.take(Self.set(&reader) ?? .one(symbol)))
        case UInt8(ascii: "/"): parts.append(.slash)
        case UInt8(ascii: "{"):
            braces.groups.append(BraceStack.Group(open: parts.count))
            parts.append(.fork([]))
        case UInt8(ascii: ",") where !braces.groups.isEmpty:
            braces.groups[braces.groups.count - 1].commas.append(parts.count)
            parts.append(.fork([]))
        case UInt8(ascii: "}"):
            guard let group = braces.groups.popLast() else { return parts.append(.take(.one(symbol))) }
            close(group)
        default: parts.append(.take(.one(symbol)))
        }
    }

    /// Leads the opening brace into each alternative, and the end of each behind the closing one.
    private mutating func close(_ group: BraceStack.Group) {
        parts[group.open] = .fork(([group.open] + group.commas).map { $0 + 1 })
        for comma in group.commas { parts[comma] = .fork([parts.count]) }
    }

    private static func stars(_ reader: inout PatternReader) -> Part {
        let start = reader.position - 1
        while reader.skip(UInt8(ascii: "*")) {}
        return reader.position - start == 2 ? .folders : .star
    }

    /// The set behind a `[` that was read; none goes over a slash.
    private static func set(_ reader: inout PatternReader) -> PathPattern.Symbols? {
        let start = reader.position
        guard let set = reader.set() else { return nil }
        guard !reader.symbols[start..<reader.position].contains(PathPattern.slash) else {
            reader.position = start
            return nil
        }
        return set
    }
}

// MARK: Meaning

extension GlobParts {
    private static let nothing = PathPattern.State.fork([])

    /// The state of a part at a place.
    private static func meaning(of part: Part, at index: Int, _ place: Place) -> PathPattern.State {
        switch part {
        case .take(let symbols):
            name(index, place) { .take(symbols, then: state(index + 1, $0)) }
        case .star:
            name(index, place) { .loop(.inName, then: state(index + 1, $0)) }
        case .folders where place == .atSlash:
            .fork([state(index + 1, .betweenNames), state(index, .spare)])
        case .folders where place == .spare:
            .take(.one(PathPattern.slash), then: state(index, .inName))
        case .folders:
            name(index, place) { .loop(.inName, then: state(index + 1, $0)) }
        case .slash: boundary(index, place, then: .fork([state(index + 1, .atSlash)]))
        case .fork(let targets): place == .spare ? nothing : .fork(targets.map { state($0, place) })
        case .end: boundary(index, place, then: .end)
        }
    }

    /// A part of a name: what `body` says within one, behind a slash the slash first.
    private static func name(
        _ index: Int, _ place: Place, _ body: (Place) -> PathPattern.State
    ) -> PathPattern.State {
        switch place {
        case .inName, .inLastName: body(place)
        case .atSlash: .take(.one(PathPattern.slash), then: state(index, .inName))
        case .betweenNames, .amongNames, .spare: nothing
        }
    }

    /// A slash or the end, where the names of a `**` end too.
    private static func boundary(
        _ index: Int, _ place: Place, then next: PathPattern.State
    ) -> PathPattern.State {
        switch place {
        case .inName, .atSlash: next
        case .betweenNames: .fork([state(index, .inName), state(index, .spare)])
        case .spare: .take(.one(PathPattern.slash), then: state(index, .amongNames))
        case .amongNames: .loop(.anything, then: state(index, .inName))
        case .inLastName: if case .end = next { next } else { nothing }
        }
    }
}
