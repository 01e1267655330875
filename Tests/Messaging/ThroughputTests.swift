import Foundation
import JetStream
import Messaging
import TestSupport
import Testing

/// Figures, printed: run with `AUTOMATA_BENCHMARK=1`.
@Suite(
    "Throughput", .enabled(if: ProcessInfo.processInfo.environment["AUTOMATA_BENCHMARK"] != nil), .serialized,
    .timeLimit(.minutes(2)))
struct ThroughputTests {
    @Test func `durable publishes, pulls and requests a second`() async throws {
        try await withJetStream { bus, _ in
            let worker = try await bus.worker()
            let message = BusMessage(subject: "t.a", payload: Data(repeating: 120, count: 512))
            for tasks in [1, 32] {
                try await measure("publish, \(tasks) tasks", count: tasks == 1 ? 4_000 : 32_000, tasks: tasks) {
                    _ = try await bus.publish(message, messageID: UUID().uuidString)
                }
            }
            for tasks in [1, 8] {
                try await measure("pull and acknowledge, \(tasks) tasks", count: 4_000 * tasks, tasks: tasks) {
                    try await worker.delivery().acknowledge()
                }
            }
            try await measureRequests(bus)
        }
    }

    private func measureRequests(_ bus: JetStreamBus) async throws {
        let requests = try await bus.subscribe("svc", queueGroup: nil)
        async let served: Void = {
            for await request in requests { try await bus.send(BusMessage(subject: request.reply ?? "none")) }
        }()
        try await measure("request and reply, 1 task", count: 4_000, tasks: 1) {
            _ = try await bus.request(BusMessage(subject: "svc"), timeout: .seconds(5))
        }
        requests.cancel()
        try await served
    }

    private func measure(
        _ name: String, count: Int, tasks: Int, _ operation: @escaping @Sendable () async throws -> Void
    ) async throws {
        let start = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<tasks {
                group.addTask { for _ in 0..<(count / tasks) { try await operation() } }
            }
            try await group.waitForAll()
        }
        let seconds = start.duration(to: .now) / .seconds(1)
        print("\(name): \(Int(Double(count) / seconds))/s")
    }
}
