import Contracts
import Database
import Foundation
import Foundations
import TestSupport
import Testing

@testable import TaskStore

/// Random histories of the stage queue with two owners: every claim gives what the model allows, and every write of an
/// old epoch is refused.
@Suite(.timeLimit(.minutes(60)))
struct QueueModelTests {
    /// Histories to play; `make chaos` plays 100,000.
    private static let histories =
        ProcessInfo.processInfo.environment["CHAOS_HISTORIES"].flatMap { Int($0) } ?? 400
    private static let lanes = 2

    @Test func `the queue and its model agree on every history`() async throws {
        let seed =
            ProcessInfo.processInfo.environment["CHAOS_SEED"].flatMap { UInt64($0) } ?? .random(in: 0...UInt64.max)
        print("seed of the queue's histories: \(seed)")
        let played = try await withThrowingTaskGroup(of: Set<QueuePlayer.Step>.self) { group in
            for lane in 0..<Self.lanes {
                group.addTask {
                    try await Self.play(Self.histories / Self.lanes, seed: seed &+ UInt64(lane))
                }
            }
            return try await group.reduce(into: Set<QueuePlayer.Step>()) { $0.formUnion($1) }
        }
        #expect(played == Set(QueuePlayer.Step.allCases), "every step was taken at least once")
    }

    private static func play(_ count: Int, seed: UInt64) async throws -> Set<QueuePlayer.Step> {
        var generator = SeededGenerator(state: seed)
        return try await withStore(connections: 1) { fixture in
            // What a crash of Postgres leaves is asked elsewhere; here a commit need not wait for the disk.
            try await fixture.run("set synchronous_commit = off")
            var played: Set<QueuePlayer.Step> = []
            for history in 0..<count {
                var player = QueuePlayer(fixture: fixture)
                do {
                    for _ in 0..<Int.random(in: 4...24, using: &generator) {
                        played.insert(try await player.play(using: &generator))
                    }
                } catch let error as QueuePlayer.Disagreement {
                    Issue.record("seed \(seed), history \(history): \(error)")
                    return played
                }
                try await fixture.run("delete from tasks")
                try await fixture.run("delete from catalogue")
                try await fixture.run("delete from outbox")
            }
            return played
        }
    }
}
