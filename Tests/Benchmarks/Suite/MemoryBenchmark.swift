import Contracts
import Foundations
import PlatformSupport
import TestSupport

extension Benchmark {
    /// Conversations are long enough that the last begins before the first ends.
    static let memory = Benchmark(
        "memory", "many conversations on one coder: its memory for each, and how long all take"
    ) {
        let (count, thinking) = (Size.conversations.value, 2000)
        let turns = 3 + count / 20
        return try await Installation.with(
            Play.script(turns: turns, thinking: thinking),
            environment: ["WORKER_CONCURRENCY": "\(count)", "MAX_ITERATIONS": "\(turns + 10)"]
        ) { installation in
            let remote = try await GitRemote(files: Play.files(max(turns, Size.files.value)))
            try await installation.play(1, on: remote)
            let coder = try installation.process(of: .coder)
            let (before, start) = (ProcessMemory(of: coder).resident, ContinuousClock.now)
            try await installation.playAtOnce(count, Play.thinks, on: remote)
            let seconds = (ContinuousClock.now - start).seconds
            let most = try installation.model.mostInFlight()
            let ideal = Yardstick(what: "the model alone", value: Double((turns + 2) * thinking) / 1000)
            return [
                Figure("memory.conversations", Double(most), "at a time"),
                Figure("memory.each", (ProcessMemory(of: coder).peak - before) / Double(max(1, most)), "MiB"),
                Figure("memory.time", seconds, "s", beside: ideal),
            ]
        }
    }
}
