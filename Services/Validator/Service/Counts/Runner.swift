/// A test runner, and how what it prints is read. A new runner is a row here and, where a line alone does not tell, a
/// reader of its own.
struct Runner: Sendable {
    let name: String
    let makeReader: @Sendable () -> any TestReader

    /// A runner whose counts take more than one line to be understood.
    init(_ name: String, reader: @escaping @Sendable () -> any TestReader) {
        self.name = name
        makeReader = reader
    }

    /// A runner of which each line of one kind tells the counts of one run, `besides` lines that look like counts and
    /// are none of tests.
    init(
        _ name: String, line: @escaping @Sendable (OutputLine) -> TestCounts?,
        besides others: @escaping @Sendable (OutputLine) -> Bool = { _ in false }
    ) {
        self.init(name) { LineReader(read: line, isOther: others) }
    }

    /// In the order in which they are offered a line; the first that knows it as its own has it. What many runners
    /// could print comes last.
    static let all: [Runner] = [
        python, javaScript, swift, go, rust, build, native, jvm, dotnet, ruby, others, [plain],
    ].flatMap { $0 }
}

/// Reads what one runner prints, line by line.
protocol TestReader: Sendable {
    /// Takes a line. Returns whether it is this runner's: no other reader gets to see it then.
    mutating func take(_ line: OutputLine) -> Bool
    /// A part of the output is missing here.
    mutating func gap()
    /// The output is at its end.
    mutating func end()
    /// Whether what comes next is this runner's, too, as far as it takes it.
    var isInside: Bool { get }
    /// Whether something that had to be counted is missing.
    var isPartial: Bool { get }
    /// The sum of all runs; `nil` where there was none.
    var counts: TestCounts? { get }
}

extension TestReader {
    mutating func gap() {}
    mutating func end() {}
    var isInside: Bool { false }
    var isPartial: Bool { false }
}

/// Adds up what single lines tell.
private struct LineReader: TestReader {
    let read: @Sendable (OutputLine) -> TestCounts?
    let isOther: @Sendable (OutputLine) -> Bool
    private(set) var counts: TestCounts?

    mutating func take(_ line: OutputLine) -> Bool {
        guard let found = read(line) else { return isOther(line) }
        counts = TestCounts.sum([counts, found])
        return true
    }
}

/// Runs that several lines tell of: what was understood, and what is still being read.
struct Runs: Sendable {
    private(set) var counts: TestCounts?
    /// The run that is being read.
    var open: TestCounts?

    /// The run that is being read is complete.
    mutating func close() {
        counts = TestCounts.sum([counts, open])
        open = nil
    }

    mutating func add(_ run: TestCounts?) { counts = TestCounts.sum([counts, run]) }
}
