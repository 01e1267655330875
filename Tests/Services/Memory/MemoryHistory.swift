import Foundation
import Synchronization

@testable import NotifierService

/// What the record keeps of the past, as times.
final class MemoryHistory: PrunedRecord, Sendable {
    struct State {
        var messages: [Date] = []
        var tasks: [Date] = []
        var rejections: [Date] = []
        var logs: [Date] = []
        var failures: [Date] = []
        var modelFailures: [Date] = []
        var replicas: [Date] = []
        var pauses: [Date] = []
        /// How much was removed at a time.
        var batches: [Int] = []
    }

    let state: Mutex<State>

    init(_ state: State) { self.state = Mutex(state) }

    private func remove(
        _ kind: WritableKeyPath<State, [Date]>, before time: Date, limit: Int
    ) -> Int {
        state.withLock { state in
            let old = state[keyPath: kind].indices.filter { state[keyPath: kind][$0] < time }.prefix(limit)
            for index in old.reversed() { state[keyPath: kind].remove(at: index) }
            if !old.isEmpty { state.batches.append(old.count) }
            return old.count
        }
    }

    func pruneOutbox(before time: Date, limit: Int) async throws -> Int {
        remove(\.messages, before: time, limit: limit)
    }

    func pruneHistory(before time: Date, limit: Int) async throws -> Int { remove(\.tasks, before: time, limit: limit) }

    func pruneRejections(before time: Date, limit: Int) async throws -> Int {
        remove(\.rejections, before: time, limit: limit)
    }

    func pruneLogs(before time: Date, limit: Int) async throws -> Int { remove(\.logs, before: time, limit: limit) }

    func pruneFailures(before time: Date, limit: Int) async throws -> Int {
        remove(\.failures, before: time, limit: limit)
    }

    func pruneModelFailures(before time: Date, limit: Int) async throws -> Int {
        remove(\.modelFailures, before: time, limit: limit)
    }

    func pruneReplicas(before time: Date, limit: Int) async throws -> Int {
        remove(\.replicas, before: time, limit: limit)
    }

    func prunePauses(before time: Date, limit: Int) async throws -> Int { remove(\.pauses, before: time, limit: limit) }
}
