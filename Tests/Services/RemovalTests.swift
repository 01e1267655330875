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
                rejections: times([(31, 1), (29, 1)])))
        for removal in Removal.all(history, retention: .seconds(30 * Self.day), .silent) {
            try await removal.run(now: now)
        }
        history.state.withLock { state in
            #expect(state.messages.count == 2 && state.tasks.count == 4 && state.rejections.count == 1)
            #expect(state.batches == [5000, 1000, 20, 20, 10, 1])
        }
    }
}
