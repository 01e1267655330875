import Synchronization

/// A pattern over texts as a machine of states, run without backtracking: no pattern and no text make it slow.
///
/// The dialects (``Glob``, ``IgnoreGlob``) translate to it; what is matched are bytes or Unicode scalars, as numbers.
struct PathPattern: Sendable, Hashable {
    /// What one step takes.
    enum Symbols: Sendable, Hashable {
        case one(UInt32)
        case anything
        /// Anything but a slash.
        case inName
        /// One of the ranges, or, negated, none of them; never a slash.
        case set([ClosedRange<UInt32>], negated: Bool)

        func holds(_ symbol: UInt32) -> Bool {
            switch self {
            case .one(let own): symbol == own
            case .anything: true
            case .inName: symbol != slash
            case .set(let ranges, let negated):
                symbol != slash && ranges.contains { $0.contains(symbol) } != negated
            }
        }
    }

    enum State: Sendable, Hashable {
        /// Takes one symbol, then is in another state.
        case take(Symbols, then: Int)
        /// Takes any number of symbols, none included.
        case loop(Symbols, then: Int)
        /// Is in all of these at once.
        case fork([Int])
        /// All that was to be matched is.
        case end
    }

    static let slash = UInt32(UInt8(ascii: "/"))

    /// The pattern begins in the first.
    let states: [State]
    private let course: Shared

    /// What was found out about the pattern by the texts so far.
    private final class Shared: Sendable {
        let course: Mutex<PatternCourse>
        init(_ states: [State]) { course = Mutex(PatternCourse(states)) }
    }

    init(states: [State]) {
        self.states = states
        course = Shared(states)
    }

    static func == (left: Self, right: Self) -> Bool { left.states == right.states }

    func hash(into hasher: inout Hasher) { hasher.combine(states) }

    /// Whether the whole of `text` matches. The time is at most the states times the length of the text.
    func matches(_ text: some Sequence<UInt32>) -> Bool {
        if let answer = course.course.withLockIfAvailable({ $0.matches(text) }) { return answer }
        // Another thread has it: this one finds out by itself.
        var own = PatternCourse(states)
        return own.matches(text)
    }
}

/// Follows all ways through a pattern at once, and remembers where each symbol led: texts that begin or go on alike cost
/// one look-up a symbol.
struct PatternCourse {
    /// All states that a text can have led to, and whether it may end there.
    private struct Place: Hashable {
        var states: [Int]
        var isEnd: Bool
    }

    private struct Move: Hashable {
        let from: Int
        let symbol: UInt32
    }

    /// How much is remembered.
    private static let maximumPlaces = 256
    private static let maximumMoves = 8192
    /// Symbols of ASCII are looked up in a table, others in a dictionary.
    private static let tableWidth = 128
    private static let unknown = Int32(-1)

    private let states: [PathPattern.State]
    private var places: [Place] = []
    private var numbers: [Place: Int] = [:]
    private var table: [Int32] = []
    private var moves: [Move: Int] = [:]
    /// For each state the number of the last step that entered it.
    private var entered: [Int] = []
    private var steps = 0
    private var waiting: [Int] = []

    init(_ states: [PathPattern.State]) { self.states = states }

    mutating func matches(_ text: some Sequence<UInt32>) -> Bool {
        if places.isEmpty { begin() }
        var number = 0
        for symbol in text {
            number = next(from: number, symbol)
            if places[number].states.isEmpty, !places[number].isEnd { return false }
        }
        return places[number].isEnd
    }

    private mutating func begin() {
        if entered.isEmpty { entered = Array(repeating: 0, count: states.count) }
        steps += 1
        var start = Place(states: [], isEnd: false)
        enter(0, &start)
        _ = remember(start)
    }

    private mutating func next(from number: Int, _ symbol: UInt32) -> Int {
        if let known = known(from: number, symbol) { return known }
        steps += 1
        var next = Place(states: [], isEnd: false)
        for state in places[number].states {
            switch states[state] {
            case .take(let own, let then): if own.holds(symbol) { enter(then, &next) }
            case .loop(let own, _): if own.holds(symbol) { enter(state, &next) }
            case .fork, .end: break
            }
        }
        next.states.sort()
        if numbers[next] == nil, places.count >= Self.maximumPlaces {
            (places, numbers, table, moves) = ([], [:], [], [:])
            begin()
            return remember(next)
        }
        let found = remember(next)
        if symbol < Self.tableWidth {
            table[number * Self.tableWidth + Int(symbol)] = Int32(found)
        } else if moves.count < Self.maximumMoves {
            moves[Move(from: number, symbol: symbol)] = found
        }
        return found
    }

    private func known(from number: Int, _ symbol: UInt32) -> Int? {
        guard symbol < Self.tableWidth else { return moves[Move(from: number, symbol: symbol)] }
        let found = table[number * Self.tableWidth + Int(symbol)]
        return found == Self.unknown ? nil : Int(found)
    }

    private mutating func remember(_ place: Place) -> Int {
        if let number = numbers[place] { return number }
        places.append(place)
        numbers[place] = places.count - 1
        table += repeatElement(Self.unknown, count: Self.tableWidth)
        return places.count - 1
    }

    /// Adds a state and all that it leads to without a symbol.
    private mutating func enter(_ first: Int, _ place: inout Place) {
        waiting.append(first)
        while let state = waiting.popLast() {
            guard entered[state] != steps else { continue }
            entered[state] = steps
            switch states[state] {
            case .take: place.states.append(state)
            case .loop(_, let then):
                place.states.append(state)
                waiting.append(then)
            case .fork(let others): waiting += others
            case .end: place.isEnd = true
            }
        }
    }
}

/// Reads the symbols of a pattern one after the other.
struct PatternReader {
    let symbols: [UInt32]
    /// Whether a backslash takes the next symbol literally.
    let escapes: Bool
    var position = 0
    /// Whether a set had no end: then no later one has, and none is looked for again.
    private var setsAreOver = false

    init(_ symbols: [UInt32], escapes: Bool) {
        self.symbols = symbols
        self.escapes = escapes
    }

    var next: UInt32? { position < symbols.count ? symbols[position] : nil }

    /// Steps over `character` if it comes next.
    mutating func skip(_ character: UInt8) -> Bool {
        guard next == UInt32(character) else { return false }
        position += 1
        return true
    }

    /// The next symbol as it is meant; `nil` at the end.
    mutating func literal() -> UInt32? {
        if escapes, position + 1 < symbols.count { _ = skip(UInt8(ascii: "\\")) }
        guard let symbol = next else { return nil }
        position += 1
        return symbol
    }

    /// The set that begins behind a `[`, or `nil` if it has no end; then nothing was read.
    mutating func set() -> PathPattern.Symbols? {
        guard !setsAreOver else { return nil }
        let start = position
        let negated = skip(UInt8(ascii: "!")) || skip(UInt8(ascii: "^"))
        let first = position
        var ranges: [ClosedRange<UInt32>] = []
        while position == first || next != UInt32(UInt8(ascii: "]")), let more = named() ?? range() { ranges += more }
        guard skip(UInt8(ascii: "]")) else {
            position = start
            setsAreOver = true
            return nil
        }
        return .set(ranges, negated: negated)
    }

    /// What a name in a set stands for: characters of ASCII alone, as for Git.
    private static let names: [String: [ClosedRange<UInt32>]] = [
        "alnum": [48...57, 65...90, 97...122], "alpha": [65...90, 97...122], "blank": [9...9, 32...32],
        "cntrl": [0...31, 127...127], "digit": [48...57], "graph": [33...126], "lower": [97...122], "print": [32...126],
        "punct": [33...47, 58...64, 91...96, 123...126], "space": [9...13, 32...32], "upper": [65...90],
        "xdigit": [48...57, 65...70, 97...102],
    ]

    /// The characters of `[:space:]`; `nil`, and nothing is read, if no such name comes next.
    private mutating func named() -> [ClosedRange<UInt32>]? {
        guard next == UInt32(UInt8(ascii: "[")) else { return nil }
        let text = String(String.UnicodeScalarView(symbols[position...].prefix(10).compactMap { Unicode.Scalar($0) }))
        guard let found = Self.names.first(where: { text.hasPrefix("[:\($0.key):]") }) else { return nil }
        position += found.key.utf8.count + 4
        return found.value
    }

    /// The characters of `a-z`, or of `a` alone.
    private mutating func range() -> [ClosedRange<UInt32>]? {
        guard let low = literal() else { return nil }
        let high = rangeEnd() ?? low
        return low <= high ? [low...high] : []
    }

    /// The `z` of `a-z`, behind the `a`.
    private mutating func rangeEnd() -> UInt32? {
        guard next == UInt32(UInt8(ascii: "-")), position + 1 < symbols.count,
            symbols[position + 1] != UInt32(UInt8(ascii: "]"))
        else { return nil }
        position += 1
        return literal()
    }
}
