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

    /// Whether the whole of `text` matches. The time is at most the states times the length of the text.
    func matches(_ text: some Sequence<UInt32>) -> Bool {
        var run = Run(states)
        for symbol in text where !run.take(symbol) { return false }
        return run.isAtEnd
    }

    /// All states that a text can have led to.
    private struct Run {
        private let states: [State]
        private var active: [Int] = []
        private var next: [Int] = []
        /// The number of symbols, from 1, at which a state was last entered.
        private var entered: [Int]
        private var symbols = 1
        private var waiting: [Int] = []
        private(set) var isAtEnd = false

        init(_ states: [State]) {
            self.states = states
            entered = Array(repeating: 0, count: states.count)
            enter(0)
            swap(&active, &next)
        }

        /// False once nothing can match any more.
        mutating func take(_ symbol: UInt32) -> Bool {
            symbols += 1
            isAtEnd = false
            next.removeAll(keepingCapacity: true)
            for state in active {
                switch states[state] {
                case .take(let own, let then): if own.holds(symbol) { enter(then) }
                case .loop(let own, _): if own.holds(symbol) { enter(state) }
                case .fork, .end: break
                }
            }
            swap(&active, &next)
            return !active.isEmpty || isAtEnd
        }

        /// Adds a state and all that it leads to without a symbol.
        private mutating func enter(_ first: Int) {
            waiting.append(first)
            while let state = waiting.popLast() {
                guard entered[state] != symbols else { continue }
                entered[state] = symbols
                switch states[state] {
                case .take: next.append(state)
                case .loop(_, let then):
                    next.append(state)
                    waiting.append(then)
                case .fork(let others): waiting += others
                case .end: isAtEnd = true
                }
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
        let start = position
        let negated = skip(UInt8(ascii: "!")) || skip(UInt8(ascii: "^"))
        let first = position
        var ranges: [ClosedRange<UInt32>] = []
        while position == first || next != UInt32(UInt8(ascii: "]")), let low = literal() {
            let high = rangeEnd() ?? low
            if low <= high { ranges.append(low...high) }
        }
        guard skip(UInt8(ascii: "]")) else {
            position = start
            return nil
        }
        return .set(ranges, negated: negated)
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
