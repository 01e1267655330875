import Contracts
import Foundation
import Foundations
import Messaging
import ServiceKit
import TaskStore
import TestSupport
import Testing
import Webhooks

@testable import WebhookBridgeService

/// The bridge between a bus, a record and receivers in memory.
@Suite(.timeLimit(.minutes(1))) struct WebhookBridgeTests {
    private struct Unreachable: Error {}

    private static let hour: Duration = .seconds(3600)

    private let broker: MemoryBroker
    private let metrics = MetricsRegistry()

    init() async throws { broker = try await MemoryBroker() }

    /// Has a bridge work as long as `body` takes.
    private func working(
        _ record: MemoryDeliveries, _ receivers: MemoryReceivers = MemoryReceivers(), defaultURL: String? = nil,
        lease: Duration = .seconds(30), interval: Duration = .milliseconds(5), places: Int = 16,
        _ body: () async throws -> Void
    ) async throws {
        let dispatcher = WebhookDispatcher(
            record: record, transport: receivers, secrets: try SigningSecrets(platform: [Secret("a secret of ours")]),
            defaultURL: defaultURL, metrics: metrics, logger: .silent)
        let events = ServiceKind.webhookBridge.row.consumers.map { consumer in
            PermitSource(broker.bus, broker.settings, consumer: consumer, declares: true, .silent)
        }
        let bridge = WebhookBridge(
            dispatcher, events, owner: UUID(), lease: lease, interval: interval, places: places)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await bridge.run() }
            try await body()
            group.cancelAll()
        }
    }

    @Test func `a message is delivered once, as it is, to the endpoint that it names or to the platform's`()
        async throws
    {
        let record = MemoryDeliveries(["a": .init(url: "https://a.example/hook"), "b": .init()])
        let receivers = MemoryReceivers()
        try await working(record, receivers, defaultURL: "https://platform.example") {
            try await record.recorded.wait(for: 2)
        }
        let requests = receivers.requests.elements.sorted { $0.id < $1.id }
        #expect(requests.map(\.id) == ["a", "b"])
        #expect(requests.map(\.body) == ["a", "b"].map(MemoryDeliveries.body))
        #expect(requests.map(\.url) == ["https://a.example/hook", "https://platform.example"])
        #expect(requests.allSatisfy { $0.secrets == 1 })
        for recorded in record.recorded.elements {
            #expect(recorded.outcome == .delivered && recorded.attempt.responseExcerpt == "thanks")
        }
        #expect(metrics.text.contains("automata_webhook_attempts_total{result=\"delivered\"} 2"))
    }

    @Test func `what fails is tried again later, under its id, until it is delivered`() async throws {
        let record = MemoryDeliveries(["a": .init(url: "https://a.example")])
        let receivers = MemoryReceivers { [requests = Recorder<Int>()] _ in
            requests.record(1)
            return requests.count == 1 ? .failed(reason: "down") : .ok
        }
        try await working(record, receivers) {
            let first = try await record.recorded.wait(for: 1)[0]
            guard case .retry(let delay) = first.outcome else { return #expect(first.outcome == .retry(after: .zero)) }
            #expect(delay >= .seconds(4) && first.attempt.error == "down")
            #expect(record["a"]?.attempts == 1)
            record.change("a") { $0.dueAt = .distantPast }
            #expect(try await record.recorded.wait(for: 2)[1].outcome == .delivered)
        }
        #expect(Set(receivers.requests.elements.map(\.id)) == ["a"])
    }

    @Test func `an endpoint that is gone is disabled, and what has none is put aside`() async throws {
        let record = MemoryDeliveries(["gone": .init(url: "https://gone.example"), "none": .init()])
        let receivers = MemoryReceivers { _ in .answered(status: 410, retryAfter: nil, excerpt: "") }
        try await working(record, receivers) { try await record.recorded.wait(for: 2) }
        let recorded = record.recorded.elements.sorted { $0.id < $1.id }
        #expect(recorded.map(\.endpoint) == ["https://gone.example", nil])
        #expect(recorded[0].outcome == .endpointDisabled(reason: "the receiver answered 410 Gone"))
        #expect(recorded[1].outcome == .endpointDisabled(reason: "no WEBHOOK_URL is set"))
        #expect(receivers.requests.elements.map(\.id) == ["gone"])
    }

    @Test func `a bridge whose delivery another one took records nothing`() async throws {
        let record = MemoryDeliveries(["a": .init(url: "https://a.example")])
        let receivers = MemoryReceivers { _ in
            record.change("a") { run in
                run.epoch += 1
                run.isOpen = false
            }
            return .ok
        }
        try await working(record, receivers) {
            try await eventually("the loss is counted") { [metrics] in
                metrics.text.contains("automata_lease_losses_total{kind=\"webhook\"} 1")
            }
        }
        #expect(record.recorded.elements.isEmpty)
    }

    @Test func `an attempt that could not be recorded is made again once its lease has ended`() async throws {
        let tries = Recorder<Int>()
        let record = MemoryDeliveries(["a": .init(url: "https://a.example")]) { record in
            tries.record(1)
            guard tries.count == 1 else { return }
            record.change("a") { $0.leaseUntil = .distantPast }
            throw Unreachable()
        }
        let receivers = MemoryReceivers()
        try await working(record, receivers) { try await record.recorded.wait(for: 1) }
        #expect(receivers.requests.elements.map(\.id) == ["a", "a"])
        #expect(record["a"]?.attempts == 1 && record["a"]?.epoch == 2)
    }

    @Test(arguments: [EventType.workflowCompleted, .workflowFailed])
    func `the end of a workflow wakes it, and is acknowledged`(_ end: EventType) async throws {
        let record = MemoryDeliveries()
        try await working(record, interval: Self.hour) {
            try await record.claims.wait(for: 1)
            record.change("a") { $0.url = "https://a.example" }
            let event = BusMessage(subject: broker.subjects.subject(.sample(), end), payload: Data("{}".utf8))
            let place = try await broker.bus.publish(event, messageID: nil).sequence
            #expect(try await record.recorded.wait(for: 1).map(\.id) == ["a"])
            let durable = end == .workflowCompleted ? StreamNames.webhookCompleted : StreamNames.webhookFailed
            try await eventually("the event is acknowledged") { [bus = broker.bus] in
                try await bus.consumerState(stream: StreamNames.events, durable: durable)?.acknowledged == place
            }
        }
    }

    @Test func `a receiver that takes its time keeps its lease and holds up nobody else`() async throws {
        let record = MemoryDeliveries([
            "slow": .init(url: "https://slow.example"), "quick": .init(url: "https://quick.example", company: "other"),
        ])
        let gate = Gate()
        let receivers = MemoryReceivers { request in
            if request.id == "slow" { try await gate.wait() }
            return .ok
        }
        try await working(record, receivers, lease: .milliseconds(30)) {
            #expect(try await record.recorded.wait(for: 1).map(\.id) == ["quick"])
            try await record.extended.first { $0 == 1 }
            gate.open()
            #expect(try await record.recorded.wait(for: 2).map(\.id) == ["quick", "slow"])
        }
        #expect(receivers.requests.count == 2)
    }

    @Test func `what waits for a place is taken as soon as there is one`() async throws {
        let record = MemoryDeliveries([
            "a": .init(url: "https://a.example/1"), "b": .init(url: "https://a.example/2"),
        ])
        try await working(record, interval: Self.hour, places: 1) { try await record.recorded.wait(for: 2) }
        #expect(record.claims.elements.flatMap(\.self) == ["a", "b"])
    }
}
