import Foundation

/// How much of something a benchmark does: small by default, so that all run in a few minutes.
struct Size: Sendable {
    /// The variable of the environment that sets it.
    let variable: String
    let usual: Int
    /// What there is so much of, for people.
    let meaning: String

    /// What the environment says, or the default.
    var value: Int {
        max(1, ProcessInfo.processInfo.environment[variable].flatMap { Int($0) } ?? usual)
    }

    static let tasks = Size(variable: "BENCH_TASKS", usual: 20, meaning: "tasks played one after the other")
    static let load = Size(variable: "BENCH_LOAD", usual: 60, meaning: "tasks submitted at once")
    static let files = Size(
        variable: "BENCH_FILES", usual: 1, meaning: "files of the repository of load and memory, at least"
    )
    static let turns = Size(variable: "BENCH_TURNS", usual: 60, meaning: "turns of a conversation")
    static let transitions = Size(
        variable: "BENCH_TRANSITIONS", usual: 2000, meaning: "runs claimed and finished in each state of the database")
    static let waiting = Size(variable: "BENCH_WAITING", usual: 10_000, meaning: "tasks that wait in the queue")
    static let ended = Size(variable: "BENCH_ENDED", usual: 20_000, meaning: "tasks that have ended")
    static let conversations = Size(
        variable: "BENCH_CONVERSATIONS", usual: 100, meaning: "conversations that one coder has at a time")
    static let starts = Size(variable: "BENCH_STARTS", usual: 5, meaning: "starts of each service")
    static let kills = Size(variable: "BENCH_KILLS", usual: 3, meaning: "coders killed, one after the other")

    static let all: [Size] = [
        .tasks, .load, .files, .turns, .transitions, .waiting, .ended, .conversations, .starts, .kills,
    ]
}
