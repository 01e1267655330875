import Foundations
import TestSupport

extension Benchmark {
    /// What lies between an answer of the model and the next request, as the model sees it.
    static let turn = Benchmark("turn", "a turn of a conversation besides the model, in a repository of 1,600 files") {
        let turns = Size.turns.value
        return try await Installation.with(
            Play.script(turns: turns), environment: ["MAX_ITERATIONS": "\(turns + 10)"]
        ) { installation in
            let remote = try await GitRemote(files: Play.files(1600))
            try await installation.play(1, on: remote)
            let commit = try await Pgbench(installation.postgres.url, clients: 1)
            try await installation.play(1, Play.reads, on: remote)
            try await installation.play(1, Play.writes, on: remote)
            let byHand = try await ByHand.commit(remote, Play.path(1))
            return try installation.model.pauses(of: Play.reads).figures("turn.read", beside: commit?.time)
                + installation.model.pauses(of: Play.writes).figures("turn.write", beside: byHand)
        }
    }
}
