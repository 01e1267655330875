import Contracts
import Database
import Foundation
import Foundations
import Testing

@testable import TaskStore

/// Random histories of one workflow with two owners: the store does what ``Progress`` says, and refuses what it refuses.
@Suite(.timeLimit(.minutes(5)))
struct ProgressModelTests {
    @Test func `the store and the model agree on every history`() async throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("seed of the histories: \(seed)")
        var generator = SeededGenerator(state: seed)
        try await withStore(connections: 2) { fixture in
            var steps = 0
            var history = 0
            var done: Set<HistoryPlayer.Step> = []
            // Some steps are rarely possible: chance may put them off, but not for ever.
            while steps < 3000 || (done.count < HistoryPlayer.Step.allCases.count && steps < 30_000) {
                history += 1
                var player = try await HistoryPlayer(fixture: fixture, task: "t\(history)", using: &generator)
                for _ in 0..<40 {
                    steps += 1
                    guard try await player.step(using: &generator) else { break }
                }
                try await fixture.run("delete from tasks")
                done.formUnion(player.done)
                guard player.agrees else {
                    Issue.record("seed \(seed), history \(history): \(player.log.joined(separator: ", "))")
                    return
                }
            }
            #expect(done == Set(HistoryPlayer.Step.allCases), "every step was taken at least once")
        }
    }
}

/// SplitMix64.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
