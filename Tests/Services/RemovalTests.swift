import Foundation
import Synchronization
import Testing

@testable import NotifierService

@Suite struct RemovalTests {
    private static let day: TimeInterval = 86_400

    @Test func `what is older than it may be goes in batches, and all else stays`() async throws {
        let now = Date()
        func times(_ days: [(Double, count: Int)]) -> [Date] {
            days.flatMap { Array(repeating: now - $0.0 * Self.day, count: $0.count) }
        }
        let history = MemoryHistory(
            .init(
                messages: times([(15, 6000), (13, 2)]), tasks: times([(31, 50), (29, 3), (1, 1)]),
                rejections: times([(31, 1), (29, 1)]), logs: times([(8, 3), (6, 2)]),
                failures: times([(31, 4), (8, 1)]), modelFailures: times([(31, 2), (29, 1)]),
                replicas: times([(2, 5), (0.5, 1)]), pauses: times([(366, 6), (8, 1)])))
        let removals = Removal.all(
            history, retention: .seconds(30 * Self.day), logRetention: .seconds(7 * Self.day), .silent)
        for removal in removals {
            try await removal.run(now: now)
        }
        history.state.withLock { state in
            #expect(state.messages.count == 2 && state.tasks.count == 4 && state.rejections.count == 1)
            #expect(state.logs.count == 2 && state.failures.count == 1)
            #expect(state.modelFailures.count == 1)
            #expect(state.replicas.count == 1 && state.pauses.count == 1)
            #expect(state.batches == [5000, 1000, 20, 20, 10, 1, 3, 4, 2, 5, 6])
        }
    }
}
