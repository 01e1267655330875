/// Something that is measured: it starts what it needs, plays, and ends what it started.
struct Benchmark: Sendable {
    /// How it is selected, and how the names of its figures begin.
    let name: String
    /// What it measures, for people.
    let summary: String
    let run: @Sendable () async throws -> [Figure]

    init(_ name: String, _ summary: String, run: @escaping @Sendable () async throws -> [Figure]) {
        self.name = name
        self.summary = summary
        self.run = run
    }

    /// All there are, in the order in which they run.
    static let all: [Benchmark] = [.task, .load, .event, .turn, .queue, .memory, .start, .recovery]

    static func named(_ name: String) -> Benchmark? { all.first { $0.name == name } }
}
