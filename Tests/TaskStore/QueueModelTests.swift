import Contracts
import Database
import Foundation
import Foundations
import TestSupport
import Testing

@testable import TaskStore

/// What the record and a model of it do not agree on.
struct Disagreement: Error, CustomStringConvertible {
    let description: String
}

/// Random histories of the queue: every claim gives what the model allows, and every write of an old epoch is refused.
@Suite(.timeLimit(.minutes(60)))
struct QueueModelTests {
    /// Histories to play; `make chaos` plays 100,000.
    private static let histories =
        ProcessInfo.processInfo.environment["CHAOS_HISTORIES"].flatMap { Int($0) } ?? 400
    private static let lanes = 2

    @Test func `the queue and its model agree on every history`() async throws {
        let played = try await Self.play(Self.histories) { fixture, generator -> Set<QueuePlayer.Step> in
            var player = QueuePlayer(fixture: fixture)
            var played: Set<QueuePlayer.Step> = []
            for _ in 0..<Int.random(in: 4...24, using: &generator) {
                played.insert(try await player.play(using: &generator))
            }
            return played
        }
        #expect(played == Set(QueuePlayer.Step.allCases), "every step was taken at least once")
    }

    /// One takes twenty times as long as one of the queue alone.
    @Test func `parents, children and their model agree on every history, and at last nobody waits`() async throws {
        var played: Set<FamilyPlayer.Step> = []
        // So few histories leave a rare step out now and then: more are played until none is.
        for _ in 0..<10 where played != Set(FamilyPlayer.Step.allCases) {
            played.formUnion(
                try await Self.play(Self.histories / 20) { fixture, generator -> Set<FamilyPlayer.Step> in
                    var player = try await FamilyPlayer(fixture: fixture, using: &generator)
                    for _ in 0..<Int.random(in: 8...40, using: &generator) { try await player.play(using: &generator) }
                    try await player.playToRest()
                    return player.done
                })
        }
        #expect(played == Set(FamilyPlayer.Step.allCases), "every step was taken at least once")
    }

    /// Plays histories in lanes, each on a database of its own. Returns the steps that were taken.
    private static func play<Step: Hashable & Sendable>(
        _ count: Int, _ history: @escaping @Sendable (Fixture, inout SeededGenerator) async throws -> Set<Step>
    ) async throws -> Set<Step> {
        let seed =
            ProcessInfo.processInfo.environment["CHAOS_SEED"].flatMap { UInt64($0) } ?? .random(in: 0...UInt64.max)
        print("seed of the queue's histories: \(seed)")
        return try await withThrowingTaskGroup(of: Set<Step>.self) { group in
            for lane in 0..<lanes {
                group.addTask { try await play(count / lanes, seed: seed &+ UInt64(lane), history) }
            }
            return try await group.reduce(into: Set<Step>()) { $0.formUnion($1) }
        }
    }

    private static func play<Step: Hashable & Sendable>(
        _ count: Int, seed: UInt64,
        _ history: @escaping @Sendable (Fixture, inout SeededGenerator) async throws -> Set<Step>
    ) async throws -> Set<Step> {
        var generator = SeededGenerator(state: seed)
        return try await withStore(connections: 1) { fixture in
            // What a crash of Postgres leaves is asked elsewhere; here a commit need not wait for the disk.
            try await fixture.run("set synchronous_commit = off")
            var played: Set<Step> = []
            for number in 0..<count {
                do {
                    played.formUnion(try await history(fixture, &generator))
                } catch let error as Disagreement {
                    Issue.record("seed \(seed), history \(number): \(error)")
                    return played
                }
                for table: SQL in ["tasks", "catalogue", "outbox", "notices"] {
                    try await fixture.run("delete from \(table)")
                }
            }
            return played
        }
    }
}
