import Foundation

/// How long and how much a run of faults is: short by default, so that it fits among the other tests.
enum ChaosSettings {
    /// Where the random choices come from: `CHAOS_SEED`, or a new one. A run prints it.
    static let seed = number("CHAOS_SEED").map(UInt64.init) ?? UInt64.random(in: 1...999_999)

    /// How many tasks a run submits: `CHAOS_TASKS`.
    static let tasks = number("CHAOS_TASKS") ?? 16

    /// How long faults are injected: `CHAOS_SECONDS`.
    static let duration: Duration = .seconds(number("CHAOS_SECONDS") ?? 5)

    private static func number(_ name: String) -> Int? { ProcessInfo.processInfo.environment[name].flatMap { Int($0) } }
}
